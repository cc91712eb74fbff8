package org.attune.server.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.attune.server.dataset.DatasetSettings;
import org.attune.server.storage.Transaction;
import org.jspecify.annotations.Nullable;

/** The vectors of records, stored as 32-bit floats. */
public final class Vectors {

  private static final String UPSERT =
      "INSERT INTO vectors (record_id, settings_id, components) VALUES (?, ?, ?)"
          + " ON CONFLICT (record_id, settings_id) DO UPDATE SET components = excluded.components";

  private Vectors() {}

  /** A vector of a record. */
  public record Stored(String recordId, String name, float[] components) {}

  /**
   * The vectors of records.
   *
   * @param names which, or null for all
   */
  public static List<Stored> of(
      Transaction transaction, Collection<String> recordIds, @Nullable Collection<String> names) {
    return Placeholders.inPortions(
            recordIds,
            some ->
                transaction.list(
                    "SELECT v.record_id, s.name, v.components FROM vectors v"
                        + " JOIN vectors_settings s ON s.id = v.settings_id"
                        + " WHERE v.record_id IN ("
                        + Placeholders.of(some.size())
                        + ") ORDER BY s.inserted_at, s.id",
                    (row, index) ->
                        new Stored(
                            row.getString("record_id"),
                            row.getString("name"),
                            floats(row.getBytes("components"))),
                    some.toArray()))
        .stream()
        .filter(vector -> names == null || names.contains(vector.name()))
        .toList();
  }

  /** As {@link #of(Transaction, Collection, Collection)}, from the ids of the records. */
  public static Map<String, List<Stored>> byRecord(
      Transaction transaction, Collection<String> recordIds, @Nullable Collection<String> names) {
    return of(transaction, recordIds, names).stream()
        .collect(Collectors.groupingBy(Stored::recordId));
  }

  /** One vector of a record. */
  public static Optional<float[]> of(Transaction transaction, String recordId, String name) {
    return of(transaction, List.of(recordId), List.of(name)).stream()
        .findFirst()
        .map(Stored::components);
  }

  static void put(
      Transaction transaction,
      DatasetSettings settings,
      Map<String, Map<String, List<Double>>> vectorsOfRecords) {
    Map<String, String> ids = settings.vectorIds();
    List<@Nullable Object[]> rows = new ArrayList<>();
    vectorsOfRecords.forEach(
        (recordId, vectors) ->
            vectors.forEach(
                (name, components) ->
                    rows.add(new @Nullable Object[] {recordId, ids.get(name), bytes(components)})));
    transaction.batch(UPSERT, rows);
  }

  /** As JSON shows them: from the name to the components. */
  public static Map<String, Object> json(Collection<Stored> vectors) {
    Map<String, Object> json = new LinkedHashMap<>();
    vectors.forEach(vector -> json.put(vector.name(), vector.components()));
    return json;
  }

  private static byte[] bytes(List<Double> components) {
    ByteBuffer buffer =
        ByteBuffer.allocate(components.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    components.forEach(component -> buffer.putFloat(component.floatValue()));
    return buffer.array();
  }

  private static float[] floats(byte[] bytes) {
    float[] components = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(components);
    return components;
  }
}
