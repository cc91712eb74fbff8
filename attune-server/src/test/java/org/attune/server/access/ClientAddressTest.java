package org.attune.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClientAddressTest {

  @Test
  void addresses_of_one_network_count_as_one() {
    assertThat(ClientAddress.network("2001:db8:1:2:3:4:5:6"))
        .isEqualTo("2001:db8:1:2::/64")
        .isEqualTo(ClientAddress.network("2001:db8:1:2:ffff:0:0:1"))
        .isNotEqualTo(ClientAddress.network("2001:db8:1:3:3:4:5:6"));
  }

  @Test
  void an_address_of_version_4_counts_by_itself() {
    assertThat(ClientAddress.network("192.0.2.7")).isEqualTo("192.0.2.7");
  }
}
