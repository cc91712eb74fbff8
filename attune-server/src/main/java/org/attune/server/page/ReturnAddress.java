package org.attune.server.page;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A page of this server that a person is sent back to. */
public final class ReturnAddress {

  private static final String HOME = "/";

  private ReturnAddress() {}

  /** The address if it is a path here, else the home page: links must not lead to other sites. */
  public static String of(@Nullable String address) {
    if (address == null || !address.startsWith("/")) {
      return HOME;
    }
    try {
      URI uri = URI.create(address);
      boolean here = uri.getAuthority() == null && !uri.isAbsolute() && !address.startsWith("//");
      return here ? uri.toASCIIString() : HOME;
    } catch (IllegalArgumentException e) {
      return HOME; // not an address, such as one with a backslash
    }
  }
}
