package org.attune.server.transfer;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.attune.feedback.client.RemoteDataset;
import org.attune.feedback.query.Filter;
import org.attune.feedback.query.RecordQuery;
import org.attune.feedback.query.Scope;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.record.Response;
import org.attune.feedback.validation.Problem;
import org.attune.feedback.validation.Problems;

/** As many records as are asked about and sent at once. */
final class RecordPortion {

  /** As many values as a filter may have. */
  private static final int SIZE = 250;

  private final RemoteDataset target;
  private final Map<String, String> users;
  private final RecordRules rules;
  private final List<FeedbackRecord> records = new ArrayList<>(SIZE);
  private Problems problems = Problems.none();
  private long there;

  RecordPortion(RemoteDataset target, Map<String, String> users) {
    this.target = target;
    this.users = users;
    this.rules = new RecordRules(target.settings());
  }

  /** Takes the next records, and forgets those before. */
  void read(Iterator<FeedbackRecord> all) {
    records.clear();
    problems = Problems.none();
    while (all.hasNext() && records.size() < SIZE) {
      records.add(all.next());
    }
  }

  /** Adds those that are new and keep to the rules, and returns how many these are. */
  long send() {
    String[] asked = records.stream().map(RecordPortion::name).toArray(String[]::new);
    Set<String> known;
    try (Stream<FeedbackRecord> found =
        target.records(RecordQuery.all().filterBy(Filter.of(Scope.record("external_id"), asked)))) {
      known = found.map(RecordPortion::name).collect(Collectors.toSet());
    }
    there = records.stream().map(RecordPortion::name).filter(known::contains).count();
    List<FeedbackRecord> fresh =
        records.stream()
            .filter(record -> !known.contains(name(record)))
            .filter(this::fits)
            .toList();
    return target.addRecords(fresh, users, sent -> {});
  }

  private boolean fits(FeedbackRecord record) {
    int before = problems.count();
    Problems here = problems.at("record " + name(record));
    rules.check(record, here);
    for (Response response : record.responses()) {
      String user = response.userId();
      if (user != null && !users.containsKey(user)) {
        here.add("user", "must have an account here", user, "The record was left out.");
      }
    }
    return problems.count() == before;
  }

  /** What the record is called here: without a name of its own it has its id as one. */
  private static String name(FeedbackRecord record) {
    String externalId = record.externalId();
    return externalId == null ? record.id() : externalId;
  }

  int size() {
    return records.size();
  }

  long there() {
    return there;
  }

  List<String> problems() {
    return problems.all().stream().map(Problem::toString).toList();
  }
}
