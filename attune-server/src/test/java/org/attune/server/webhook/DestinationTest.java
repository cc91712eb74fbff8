package org.attune.server.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DestinationTest {

  private static InetAddress address(String host) throws IOException {
    return new Destination(InetAddress::getAllByName, false)
        .address(URI.create("http://" + host + "/hook"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "127.0.0.1",
        "2130706433",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "192.0.0.8",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "[::]",
        "[::1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:a9fe:a9fe]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[2002:7f00:1::]",
        "[2001:0:1::1]",
        "[fc00::1]",
        "[fd12::1]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]"
      })
  void an_address_within_a_network_is_refused_however_it_is_written(String host) {
    assertThatThrownBy(() -> address(host))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("private network")
        .hasMessageContaining("ATTUNE_PRIVATE_WEBHOOKS=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "93.184.216.34",
        "100.63.255.255",
        "100.128.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "198.20.0.1",
        "[2606:2800:220:1::1]",
        "[::ffff:93.184.216.34]",
        "[64:ff9b::5db8:d822]"
      })
  void an_address_of_the_internet_is_called(String host) throws Exception {
    assertThat(address(host)).isNotNull();
  }

  @Test
  void a_name_with_one_private_address_among_others_is_refused() {
    Destination.Names names = host -> new InetAddress[] {known("93.184.216.34"), known("10.0.0.1")};

    assertThatThrownBy(
            () -> new Destination(names, false).address(URI.create("http://two.invalid/")))
        .hasMessageContaining("10.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.1", "under_score", ""})
  void an_address_without_a_host_is_refused(String host) {
    assertThatThrownBy(() -> address(host))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("names no host");
  }

  private static InetAddress known(String address) throws java.net.UnknownHostException {
    return InetAddress.getByName(address);
  }
}
