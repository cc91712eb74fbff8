package org.attune.feedback.argilla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attune.feedback.field.Field;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.Question;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class SettingsJsonTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String TEXT = "'name':'n','title':'T','settings':{'type':'text'}";

  private static final String TWO = "[{'value':'a','text':'A'},{'value':'b','text':'B'}]";

  /** JSON with single quotes, which need no escapes in Java. */
  static Map<?, ?> json(String text) {
    try {
      return JSON.readValue(text.replace('\'', '"'), Map.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static Map<?, ?> body(String settings) {
    return json("{'name':'n','title':'T','settings':" + settings + "}");
  }

  private static String options(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> "{'value':'v" + index + "','text':'t'}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String ratings(int count) {
    return IntStream.range(0, count)
        .mapToObj(index -> "{'value':" + index + "}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** A kind of setting: how it is read and, to prove that nothing was lost, written. */
  private static <T> void accept(
      Map<?, ?> body, Function<Object, T> read, Function<T, Map<String, @Nullable Object>> write) {
    T value = read.apply(body);
    assertThat(read.apply(write.apply(value))).isEqualTo(value);
  }

  private static void refuse(Map<?, ?> body, Function<Object, ?> read, String problem) {
    assertThatThrownBy(() -> read.apply(body))
        .isInstanceOf(InvalidFeedbackException.class)
        .hasMessageContaining(problem);
  }

  @Nested
  class A_name {

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "a-b_c", "-a", "_0"})
    void of_a_field_may_be(String name) {
      accept(named(name), FieldJson::read, FieldJson::write);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "_-", "A", "a b", "ä", "a.b", "a\\n"})
    void of_a_field_may_not_be(String name) {
      refuse(named(name), FieldJson::read, "name must be 1 to 200");
      refuse(named(name), VectorSettingsJson::read, "name must be 1 to 200");
      refuse(named(name), QuestionJson::read, "name must be 1 to 200");
      refuse(
          json("{'name':'" + name + "','title':'T','settings':{'type':'terms'}}"),
          MetadataPropertyJson::read,
          "name must be 1 to 200");
    }

    @Test
    void has_at_most_200_characters_and_a_title_500() {
      accept(named("a".repeat(200)), FieldJson::read, FieldJson::write);
      refuse(named("a".repeat(201)), FieldJson::read, "name must be 1 to 200");
      accept(titled("😀".repeat(500)), FieldJson::read, FieldJson::write);
      refuse(titled("t".repeat(501)), FieldJson::read, "title must have 1 to 500 characters");
      refuse(titled(""), FieldJson::read, "title must have 1 to 500 characters");
    }

    private static Map<?, ?> named(String name) {
      return json("{" + TEXT.replace("'n'", "'" + name + "'") + ",'dimensions':2}");
    }

    private static Map<?, ?> titled(String title) {
      return json("{" + TEXT.replace("'T'", "'" + title + "'") + "}");
    }
  }

  @Nested
  class A_field {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'type':'text'}",
          "{'type':'text','use_markdown':true}",
          "{'type':'text','use_markdown':null,'unknown':1}",
          "{'type':'image'}",
          "{'type':'chat'}",
          "{'type':'chat','use_markdown':false}",
          "{'type':'custom','template':'<b>{{record.fields.n}}</b>'}",
          "{'type':'custom','template':'x','advanced_mode':true}"
        })
    void is_read_and_written(String settings) {
      accept(body(settings), FieldJson::read, FieldJson::write);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "null",
          "'text'",
          "{}",
          "{'type':'video'}",
          "{'type':1}",
          "{'type':'text','use_markdown':'yes'}",
          "{'type':'custom'}",
          "{'type':'custom','template':''}",
          "{'type':'custom','template':'x','advanced_mode':1}"
        })
    void is_refused(String settings) {
      refuse(body(settings), FieldJson::read, "in the field");
    }

    @Test
    void is_required_only_if_it_says_so() {
      assertThat(FieldJson.read(json("{" + TEXT + "}")).required()).isFalse();
      assertThat(FieldJson.read(json("{" + TEXT + ",'required':true}")).required()).isTrue();
      refuse(json("{" + TEXT + ",'required':1}"), FieldJson::read, "required must be true or");
    }

    @Test
    void reports_all_its_problems_at_once() {
      refuse(
          json("{'name':'A B','required':'no','settings':{'type':'text','use_markdown':1}}"),
          FieldJson::read,
          "4 problems in the field");
    }

    @Test
    void keeps_its_kind_when_it_is_changed() {
      Field field = FieldJson.read(json("{" + TEXT + "}"));
      assertThat(
              FieldJson.patch(
                  field, json("{'title':'New','settings':{'type':'text','use_markdown':true}}")))
          .isEqualTo(
              FieldJson.read(
                  json(
                      "{'name':'n','title':'New','settings':{'type':'text','use_markdown':true}}")));
      assertThat(FieldJson.patch(field, Map.of())).isEqualTo(field);
      refuse(
          json("{'title':null}"), patch -> FieldJson.patch(field, patch), "title must not be null");
      refuse(
          json("{'settings':null}"),
          patch -> FieldJson.patch(field, patch),
          "settings must not be");
      refuse(
          json("{'settings':{'type':'image'}}"),
          patch -> FieldJson.patch(field, patch),
          "settings: type must stay text but was \"image\"");
    }
  }

  @Nested
  class A_question {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'type':'text','use_markdown':true}",
          "{'type':'rating','options':[{'value':0},{'value':10}]}",
          "{'type':'rating','options':[{'value':3},{'value':1}]}",
          "{'type':'label_selection','options':" + TWO + "}",
          "{'type':'label_selection','options':" + TWO + ",'visible_options':null}",
          "{'type':'multi_label_selection','options':" + TWO + ",'options_order':'suggestion'}",
          "{'type':'multi_label_selection','options':" + TWO + ",'options_order':null}",
          "{'type':'ranking','options':" + TWO + "}",
          "{'type':'span','field':'t','options':[{'value':'a','text':'A','description':'D'}],"
              + "'allow_overlapping':true,'allow_character_annotation':true}"
        })
    void is_read_and_written(String settings) {
      accept(body(settings), QuestionJson::read, QuestionJson::write);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{'type':'date'}",
          "{'type':'text','use_markdown':'no'}",
          "{'type':'rating'}",
          "{'type':'rating','options':[1,2]}",
          "{'type':'rating','options':[{'value':1}]}",
          "{'type':'rating','options':[{'value':1},{'value':1}]}",
          "{'type':'rating','options':[{'value':-1},{'value':1}]}",
          "{'type':'rating','options':[{'value':1},{'value':11}]}",
          "{'type':'rating','options':[{'value':'1'},{'value':2},{'value':3}]}",
          "{'type':'rating','options':[{'value':1.0},{'value':2},{'value':3}]}",
          "{'type':'rating','options':[{'value':true},{'value':2},{'value':3}]}",
          "{'type':'rating','options':[{},{'value':2},{'value':3}]}",
          "{'type':'rating','options':{'value':1}}",
          "{'type':'label_selection'}",
          "{'type':'label_selection','options':[]}",
          "{'type':'label_selection','options':[{'value':'a','text':'A'}]}",
          "{'type':'label_selection','options':[{'value':'a','text':'A'},{'value':'a','text':'B'}]}",
          "{'type':'label_selection','options':[{'value':'a'},{'value':'b'}]}",
          "{'type':'label_selection','options':[{'text':'a'},{'text':'b'}]}",
          "{'type':'label_selection','options':[{'value':1,'text':'A'},{'value':'b','text':'B'}]}",
          "{'type':'label_selection','options':[{'value':'','text':'A'},{'value':'b','text':'B'}]}",
          "{'type':'label_selection','options':[{'value':'a','text':''},{'value':'b','text':'B'}]}",
          "{'type':'label_selection','options':" + TWO + ",'visible_options':2}",
          "{'type':'label_selection','options':" + TWO + ",'visible_options':3}",
          "{'type':'label_selection','options':" + TWO + ",'visible_options':'all'}",
          "{'type':'multi_label_selection','options':" + TWO + ",'options_order':'random'}",
          "{'type':'multi_label_selection','options':" + TWO + ",'options_order':1}",
          "{'type':'ranking','options':[{'value':'a','text':'A'}]}",
          "{'type':'ranking','options':'a'}",
          "{'type':'span','field':'t','options':[]}",
          "{'type':'span','options':" + TWO + "}",
          "{'type':'span','field':1,'options':" + TWO + "}",
          "{'type':'span','field':'t','options':" + TWO + ",'allow_overlapping':'no'}",
          "{'type':'span','field':'t','options':" + TWO + ",'allow_character_annotation':1}"
        })
    void is_refused(String settings) {
      refuse(body(settings), QuestionJson::read, "in the");
    }

    @Test
    void takes_as_many_options_as_its_kind_allows() {
      limit("label_selection", 500);
      limit("multi_label_selection", 500);
      limit("ranking", 50);
      limit("span','field':'t", 500);
      accept(
          body("{'type':'rating','options':" + ratings(11) + "}"),
          QuestionJson::read,
          QuestionJson::write);
      refuse(
          body("{'type':'rating','options':" + ratings(12) + "}"), QuestionJson::read, "2 to 11");
    }

    private static void limit(String type, int most) {
      accept(
          body("{'type':'" + type + "','options':" + options(most) + "}"),
          QuestionJson::read,
          QuestionJson::write);
      refuse(
          body("{'type':'" + type + "','options':" + options(most + 1) + "}"),
          QuestionJson::read,
          "to " + most + " but was " + (most + 1));
    }

    @Test
    void takes_texts_of_options_up_to_a_length() {
      option("value", "v", 200);
      option("text", "T", 500);
      option("description", "D", 1000);
    }

    private static void option(String what, String placeholder, int longest) {
      String two =
          "{'type':'ranking','options':[{'value':'v','text':'T','description':'D'},{'value':'w','text':'W'}]}";
      accept(
          body(two.replace("'" + placeholder + "'", "'" + "é".repeat(longest) + "'")),
          QuestionJson::read,
          QuestionJson::write);
      refuse(
          body(two.replace("'" + placeholder + "'", "'" + "é".repeat(longest + 1) + "'")),
          QuestionJson::read,
          "option " + what + " must have 1 to " + longest + " characters");
    }

    @Test
    void shows_three_options_at_least_and_all_at_most() {
      for (int visible : new int[] {3, 5}) {
        accept(visible(visible), QuestionJson::read, QuestionJson::write);
      }
      for (int visible : new int[] {0, 2, 6}) {
        refuse(visible(visible), QuestionJson::read, "must be 3 to the number of options (5)");
      }
    }

    private static Map<?, ?> visible(int count) {
      return body(
          "{'type':'label_selection','options':"
              + options(5)
              + ",'visible_options':"
              + count
              + "}");
    }

    @Test
    void has_a_description_of_1_to_1000_characters_or_none() {
      accept(described("'" + "d".repeat(1000) + "'"), QuestionJson::read, QuestionJson::write);
      accept(described("null"), QuestionJson::read, QuestionJson::write);
      refuse(described("''"), QuestionJson::read, "description must have 1 to 1000");
      refuse(described("'" + "d".repeat(1001) + "'"), QuestionJson::read, "1 to 1000");
      refuse(described("7"), QuestionJson::read, "description must be a text but was 7");
    }

    private static Map<?, ?> described(String description) {
      return json("{" + TEXT + ",'description':" + description + "}");
    }

    @Test
    void tells_both_dialects_that_spans_may_begin_within_a_word() {
      assertThat(QuestionJson.settings(SpanQuestion.of("q", "t", "a")))
          .containsEntry("allow_character_annotation", true)
          .containsEntry("allow_overlapping", false)
          .containsEntry("visible_options", null);
    }
  }

  @Nested
  class A_changed_question {

    private final Question labels = LabelQuestion.of("n", "a", "b", "c");

    @Test
    void may_have_other_words_and_another_order_of_options() {
      Map<String, Object> patch = new LinkedHashMap<>();
      patch.put("title", "New");
      patch.put("description", "Why");
      patch.put(
          "settings",
          json(
              "{'type':'label_selection','options':[{'value':'c','text':'C'},{'value':'b','text':'b'},"
                  + "{'value':'a','text':'A','description':'D'}],'visible_options':3}"));

      LabelQuestion changed = (LabelQuestion) QuestionPatch.apply(labels, patch);

      assertThat(changed.title()).isEqualTo("New");
      assertThat(changed.options()).extracting("value").containsExactly("c", "b", "a");
      assertThat(changed.options()).extracting("text").containsExactly("C", "b", "A");
      assertThat(changed.visibleOptions()).isEqualTo(3);
      LabelQuestion cleared =
          (LabelQuestion)
              QuestionPatch.apply(
                  changed,
                  json(
                      "{'description':null,'settings':{'type':'label_selection','visible_options':null}}"));
      assertThat(cleared.description()).isNull();
      assertThat(cleared.visibleOptions()).isNull();
      assertThat(cleared.options()).isEqualTo(changed.options());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'title':null}",
          "{'title':''}",
          "{'title':7}",
          "{'settings':null}",
          "{'settings':{}}",
          "{'settings':{'type':'text'}}",
          "{'settings':{'type':'label_selection','options':null}}",
          "{'settings':{'type':'label_selection','options':" + TWO + "}}",
          "{'settings':{'type':'label_selection','options':[{'value':'a','text':'A'},"
              + "{'value':'b','text':'B'},{'value':'d','text':'D'}]}}",
          "{'settings':{'type':'label_selection','visible_options':4}}"
        })
    void keeps_what_answers_depend_on(String patch) {
      refuse(json(patch), body -> QuestionPatch.apply(labels, body), "in the question \"n\"");
    }

    @Test
    void may_begin_to_allow_overlaps_and_never_cease() {
      Question none = SpanQuestion.of("n", "t", "a");
      Question some =
          QuestionPatch.apply(none, json("{'settings':{'type':'span','allow_overlapping':true}}"));

      assertThat(((SpanQuestion) some).allowOverlapping()).isTrue();
      refuse(
          json("{'settings':{'type':'span','allow_overlapping':false}}"),
          body -> QuestionPatch.apply(some, body),
          "allow_overlapping must stay true");
      refuse(
          json("{'settings':{'type':'span','field':'other'}}"),
          body -> QuestionPatch.apply(some, body),
          "field must stay the same");
    }

    @Test
    void keeps_its_ratings() {
      Question rating =
          QuestionJson.read(body("{'type':'rating','options':[{'value':1},{'value':2}]}"));
      assertThat(
              QuestionPatch.apply(
                  rating, body("{'type':'rating','options':[{'value':1},{'value':2}]}")))
          .isEqualTo(rating);
      refuse(
          body("{'type':'rating','options':[{'value':2},{'value':1}]}"),
          body -> QuestionPatch.apply(rating, body),
          "options must stay the same");
    }
  }

  @Nested
  class A_metadata_property {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{'type':'terms'}",
          "{'type':'terms','values':null,'visible_for_annotators':true}",
          "{'type':'terms','values':['a']}",
          "{'type':'integer'}",
          "{'type':'integer','min':-1,'max':9007199254740993}",
          "{'type':'float','min':0.5}",
          "{'type':'float','min':0,'max':1}"
        })
    void is_read_and_written(String settings) {
      accept(body(settings), MetadataPropertyJson::read, MetadataPropertyJson::write);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{'type':'date'}",
          "{'type':'terms','values':[]}",
          "{'type':'terms','values':[1]}",
          "{'type':'terms','values':'a'}",
          "{'type':'integer','min':1,'max':1}",
          "{'type':'integer','min':2,'max':1}",
          "{'type':'integer','min':0.5}",
          "{'type':'integer','min':'1'}",
          "{'type':'float','min':1.0,'max':1.0}",
          "{'type':'float','max':'1'}"
        })
    void is_refused(String settings) {
      refuse(body(settings), MetadataPropertyJson::read, "in the metadata property");
    }

    @Test
    void lists_at_most_250_terms() {
      String terms =
          IntStream.range(0, 250).mapToObj(i -> "'t" + i + "'").collect(Collectors.joining(","));
      accept(
          body("{'type':'terms','values':[" + terms + "]}"),
          MetadataPropertyJson::read,
          MetadataPropertyJson::write);
      refuse(
          body("{'type':'terms','values':[" + terms + ",'more']}"),
          MetadataPropertyJson::read,
          "values must be at most 250 but was 251");
    }

    @Test
    void changes_its_title_and_who_sees_it() {
      var property = MetadataPropertyJson.read(body("{'type':'integer','min':1}"));
      var changed =
          MetadataPropertyJson.patch(
              property,
              json("{'title':'New','visible_for_annotators':false,'settings':{'type':'float'}}"));

      assertThat(changed.title()).isEqualTo("New");
      assertThat(changed.visibleForAnnotators()).isFalse();
      assertThat(changed.type()).isEqualTo("integer");
      refuse(
          json("{'visible_for_annotators':null}"),
          patch -> MetadataPropertyJson.patch(property, patch),
          "must not be null");
    }
  }

  @Nested
  class A_vector {

    @Test
    void has_a_positive_whole_number_of_dimensions() {
      accept(dimensions("1"), VectorSettingsJson::read, VectorSettingsJson::write);
      for (String wrong : new String[] {"0", "-1", "'3'", "3.0", "null", "true"}) {
        refuse(dimensions(wrong), VectorSettingsJson::read, "dimensions must be");
      }
    }

    @Test
    void changes_its_title_only() {
      var vector = VectorSettingsJson.read(dimensions("3"));
      assertThat(VectorSettingsJson.patch(vector, json("{'title':'New','dimensions':4}")).title())
          .isEqualTo("New");
      assertThat(VectorSettingsJson.patch(vector, json("{'dimensions':4}"))).isEqualTo(vector);
      refuse(
          json("{'title':null}"), patch -> VectorSettingsJson.patch(vector, patch), "not be null");
    }

    private static Map<?, ?> dimensions(String value) {
      return json("{'name':'v','title':'V','dimensions':" + value + "}");
    }
  }
}
