package org.attune.server.account;

import org.jspecify.annotations.Nullable;

/** Somebody with an account; deleted ones keep their id, since their answers stay. */
public record User(
    String id,
    String username,
    String firstName,
    @Nullable String lastName,
    Role role,
    long insertedAt,
    long updatedAt) {

  public String fullName() {
    return lastName == null ? firstName : firstName + " " + lastName;
  }
}
