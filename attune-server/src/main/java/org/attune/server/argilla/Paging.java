package org.attune.server.argilla;

import java.util.ArrayList;
import java.util.List;
import org.attune.server.problem.SchemaException;
import org.attune.server.problem.SchemaException.Fault;
import org.springframework.util.MultiValueMap;

/** Which part of a long list is asked for. */
record Paging(long offset, int limit) {

  private static final int USUAL = 50;
  private static final int MOST = 1000;

  static Paging of(MultiValueMap<String, String> query) {
    List<Fault> faults = new ArrayList<>();
    long offset = number(query, "offset", 0, 0, Integer.MAX_VALUE, faults);
    long limit = number(query, "limit", USUAL, 1, MOST, faults);
    if (!faults.isEmpty()) {
      throw new SchemaException(faults);
    }
    return new Paging(offset, (int) limit);
  }

  private static long number(
      MultiValueMap<String, String> query,
      String name,
      long usual,
      long least,
      long most,
      List<Fault> faults) {
    String text = query.getFirst(name);
    if (text == null) {
      return usual;
    }
    List<Object> place = List.of("query", name);
    try {
      long value = Long.parseLong(text.strip());
      if (value < least || value > most) {
        faults.add(
            new Fault(place, "Input should be from " + least + " to " + most, "out_of_range"));
      }
      return value;
    } catch (NumberFormatException e) {
      faults.add(new Fault(place, "Input should be a valid integer", "int_parsing"));
      return usual;
    }
  }
}
