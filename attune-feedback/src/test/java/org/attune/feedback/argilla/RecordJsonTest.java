package org.attune.feedback.argilla;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.attune.feedback.FeedbackDataset;
import org.attune.feedback.field.ChatField;
import org.attune.feedback.field.CustomField;
import org.attune.feedback.field.FloatMetadataProperty;
import org.attune.feedback.field.ImageField;
import org.attune.feedback.field.IntegerMetadataProperty;
import org.attune.feedback.field.TermsMetadataProperty;
import org.attune.feedback.field.TextField;
import org.attune.feedback.field.VectorSettings;
import org.attune.feedback.question.LabelQuestion;
import org.attune.feedback.question.MultiLabelQuestion;
import org.attune.feedback.question.RankedOption;
import org.attune.feedback.question.RankingQuestion;
import org.attune.feedback.question.RatingQuestion;
import org.attune.feedback.question.SpanQuestion;
import org.attune.feedback.question.TextQuestion;
import org.attune.feedback.record.FeedbackRecord;
import org.attune.feedback.record.RecordRules;
import org.attune.feedback.record.Response;
import org.attune.feedback.settings.FeedbackSettings;
import org.attune.feedback.validation.InvalidFeedbackException;
import org.attune.feedback.validation.Problems;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RecordJsonTest {

  private static final FeedbackSettings SETTINGS =
      FeedbackDataset.builder()
          .field(TextField.of("text"))
          .field(ImageField.of("image").optional())
          .field(ChatField.of("chat").optional())
          .field(CustomField.of("custom", "{{record.fields.custom.a}}").optional())
          .question(RatingQuestion.of("rating", 0, 5))
          .question(TextQuestion.of("why").optional())
          .question(LabelQuestion.of("label", "a", "b").optional())
          .question(MultiLabelQuestion.of("labels", "a", "b", "c").optional())
          .question(RankingQuestion.of("ranking", "a", "b", "c").optional())
          .question(SpanQuestion.of("spans", "text", "x", "y").optional())
          .metadataProperty(TermsMetadataProperty.of("term", "s", "t"))
          .metadataProperty(IntegerMetadataProperty.of("whole", 0, 9))
          .metadataProperty(FloatMetadataProperty.of("real", 0, 1))
          .vector(VectorSettings.of("v", 2))
          .allowExtraMetadata(false)
          .settings();

  private static final RecordJson FORMAT =
      new RecordJson(
          SETTINGS,
          SETTINGS.questions().stream()
              .collect(
                  Collectors.toMap(
                      question -> question.name(), question -> "id-" + question.name())));

  private static FeedbackRecord read(String parts) {
    Problems problems = Problems.none();
    String fields = parts.contains("'fields'") ? "" : "'fields':{'text':'👩 met 👨'},";
    FeedbackRecord record =
        FORMAT.readRecord(SettingsJsonTest.json("{" + fields + parts + "}"), problems);
    if (problems.isEmpty()) {
      new RecordRules(SETTINGS).check(record, problems);
    }
    problems.throwIfAny("the record");
    return record;
  }

  private static void refuse(String parts) {
    assertThatThrownBy(() -> read(parts)).as(parts).isInstanceOf(InvalidFeedbackException.class);
  }

  private static void refuse(String parts, String problem) {
    assertThatThrownBy(() -> read(parts))
        .isInstanceOf(InvalidFeedbackException.class)
        .hasMessageContaining(problem);
  }

  @Nested
  class Fields {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'text':''",
          "'text':'t','image':'https://example.org/a.png'",
          "'text':'t','image':'HTTP://example.org'",
          "'text':'t','image':'data:image/png;base64,iVBORw0KGgo='",
          "'text':'t','image':null",
          "'text':'t','chat':[]",
          "'text':'t','chat':[{'role':'user','content':''},{'role':'tool','content':'x','more':1}]",
          "'text':'t','custom':{}",
          "'text':'t','custom':{'a':1,'b':[{'c':null}]}"
        })
    void are_taken(String fields) {
      assertThat(read("'fields':{" + fields + "}").text("text")).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "'text':null",
          "'text':1",
          "'text':true",
          "'text':['t']",
          "'text':'\\ud83d'",
          "'text':'t','other':'x'",
          "'text':'t','image':''",
          "'text':'t','image':'a.png'",
          "'text':'t','image':'ftp://example.org/a.png'",
          "'text':'t','image':'javascript:alert(1)'",
          "'text':'t','image':'data:text/html;base64,AAAA'",
          "'text':'t','image':'data:image/png;base64,'",
          "'text':'t','image':7",
          "'text':'t','chat':'hello'",
          "'text':'t','chat':['hello']",
          "'text':'t','chat':[{'role':'user'}]",
          "'text':'t','chat':[{'content':'x'}]",
          "'text':'t','chat':[{'role':'','content':'x'}]",
          "'text':'t','chat':[{'role':'user','content':1}]",
          "'text':'t','chat':[{'role':'user','content':'\\ud83d'}]",
          "'text':'t','custom':'x'",
          "'text':'t','custom':[1]",
          "'text':'t','custom':{'a':'\\ud83d'}"
        })
    void are_refused(String fields) {
      refuse("'fields':{" + fields + "}");
    }

    @Test
    void must_be_an_object() {
      refuse("'fields':null", "fields must be given");
      refuse("'fields':['text']", "fields must be an object");
    }

    @Test
    void have_limits() {
      image("https://example.org/" + "a".repeat(2_018), "https://example.org/" + "a".repeat(2_019));
      image(
          "data:image/png;base64," + "A".repeat(4_999_978),
          "data:image/png;base64," + "A".repeat(4_999_979));
      assertThat(read("'fields':{'text':'t','chat':" + chat(500) + "}").fields()).hasSize(2);
      refuse("'fields':{'text':'t','chat':" + chat(501) + "}", "must have at most 500 messages");
    }

    private static void image(String longest, String tooLong) {
      assertThat(read("'fields':{'text':'t','image':'" + longest + "'}").fields()).hasSize(2);
      refuse("'fields':{'text':'t','image':'" + tooLong + "'}", "image must be an http");
    }

    private static String chat(int messages) {
      return IntStream.range(0, messages)
          .mapToObj(index -> "{'role':'user','content':'x'}")
          .collect(Collectors.joining(",", "[", "]"));
    }
  }

  @Nested
  class Metadata_and_vectors {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'metadata':null",
          "'metadata':{}",
          "'metadata':{'term':'s'}",
          "'metadata':{'term':['s','t']}",
          "'metadata':{'term':null}",
          "'metadata':{'whole':0}",
          "'metadata':{'whole':9}",
          "'metadata':{'real':0}",
          "'metadata':{'real':1.0}",
          "'vectors':null",
          "'vectors':{'v':null}",
          "'vectors':{'v':[1,0.5]}",
          "'vectors':{'v':[0,0]}"
        })
    void are_taken(String parts) {
      assertThat(read(parts).text("text")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'metadata':[]",
          "'metadata':{'other':1}",
          "'metadata':{'term':1}",
          "'metadata':{'term':'u'}",
          "'metadata':{'term':['s','u']}",
          "'metadata':{'whole':-1}",
          "'metadata':{'whole':10}",
          "'metadata':{'whole':1.0}",
          "'metadata':{'whole':'1'}",
          "'metadata':{'whole':true}",
          "'metadata':{'real':-0.1}",
          "'metadata':{'real':1.1}",
          "'metadata':{'real':'0.5'}",
          "'vectors':[1,2]",
          "'vectors':{'w':[1,2]}",
          "'vectors':{'v':[1]}",
          "'vectors':{'v':[1,2,3]}",
          "'vectors':{'v':['1',2]}",
          "'vectors':{'v':[null,2]}",
          "'vectors':{'v':1}"
        })
    void are_refused(String parts) {
      refuse(parts);
    }

    @Test
    void hold_finite_numbers_only() {
      Problems problems = Problems.none();
      RecordRules rules = new RecordRules(SETTINGS);
      rules.checkMetadata(Map.of("real", Double.NaN), problems);
      rules.checkVectors(Map.of("v", List.of(1.0, Double.NEGATIVE_INFINITY)), problems);
      new RecordRules(FeedbackDataset.builder().field(TextField.of("text")).settings())
          .checkMetadata(Map.of("extra", Double.NaN), problems);

      assertThat(problems.count()).isEqualTo(3);
    }
  }

  @Nested
  class Answers {

    private static String submitted(String values) {
      return "'responses':[{'user_id':'u','status':'submitted','values':{'rating':{'value':1},"
          + values
          + "}}]";
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'rating':{'value':0}",
          "'rating':{'value':5,'other':null}",
          "'why':{'value':''}",
          "'label':{'value':'b'}",
          "'labels':{'value':['c','a']}",
          "'ranking':{'value':[{'value':'b','rank':1},{'value':'a','rank':1},{'value':'c','rank':3}]}",
          "'ranking':{'value':[{'value':'b'},{'value':'a'},{'value':'c'}]}",
          "'spans':{'value':[]}",
          "'spans':{'value':[{'label':'x','start':0,'end':1},{'label':'y','start':6,'end':7}]}",
          "'spans':{'value':[{'label':'x','start':0,'end':7,'text':'👩 met 👨','score':0.5}]}"
        })
    void are_taken(String answer) {
      FeedbackRecord record = read(submitted(answer));
      assertThat(read("'responses':" + plain(record)).responses()).isEqualTo(record.responses());
    }

    private static String plain(FeedbackRecord record) {
      try {
        return new com.fasterxml.jackson.databind.ObjectMapper()
            .writeValueAsString(record.responses().stream().map(FORMAT::write).toList());
      } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'rating':1",
          "'rating':null",
          "'rating':{}",
          "'rating':{'value':null}",
          "'rating':{'value':'3'}",
          "'rating':{'value':3.0}",
          "'rating':{'value':true}",
          "'rating':{'value':6}",
          "'rating':{'value':-1}",
          "'why':{'value':1}",
          "'why':{'value':['x']}",
          "'label':{'value':'c'}",
          "'label':{'value':['a']}",
          "'labels':{'value':'a'}",
          "'labels':{'value':[]}",
          "'labels':{'value':['a','a']}",
          "'labels':{'value':['a','d']}",
          "'labels':{'value':[1]}",
          "'ranking':{'value':'a'}",
          "'ranking':{'value':[]}",
          "'ranking':{'value':['a','b','c']}",
          "'ranking':{'value':[{'value':'a','rank':1},{'value':'b','rank':2}]}",
          "'ranking':{'value':[{'value':'a','rank':1},{'value':'a','rank':2},{'value':'b','rank':3}]}",
          "'ranking':{'value':[{'value':'a','rank':1},{'value':'b','rank':2},{'value':'d','rank':3}]}",
          "'ranking':{'value':[{'value':'a','rank':0},{'value':'b','rank':1},{'value':'c','rank':2}]}",
          "'ranking':{'value':[{'value':'a','rank':1},{'value':'b','rank':2},{'value':'c','rank':4}]}",
          "'ranking':{'value':[{'value':'a','rank':1.0},{'value':'b','rank':2},{'value':'c','rank':3}]}",
          "'ranking':{'value':[{'value':'a','rank':'1'},{'value':'b','rank':2},{'value':'c','rank':3}]}",
          "'ranking':{'value':[{'value':'a','rank':1},{'value':'b'},{'value':'c'}]}",
          "'spans':{'value':'x'}",
          "'spans':{'value':[{'label':'z','start':0,'end':1}]}",
          "'spans':{'value':[{'start':0,'end':1}]}",
          "'spans':{'value':[{'label':'x','start':-1,'end':1}]}",
          "'spans':{'value':[{'label':'x','start':1,'end':1}]}",
          "'spans':{'value':[{'label':'x','start':0,'end':8}]}",
          "'spans':{'value':[{'label':'x','start':7,'end':8}]}",
          "'spans':{'value':[{'label':'x','start':0.0,'end':1}]}",
          "'spans':{'value':[{'label':'x','start':'0','end':1}]}",
          "'spans':{'value':[{'label':'x','start':0,'end':3},{'label':'y','start':2,'end':4}]}",
          "'other':{'value':1}"
        })
    void are_refused(String answer) {
      refuse(submitted(answer));
    }

    @Test
    void mark_at_most_ten_thousand_spans() {
      String ten = "{'label':'x','start':0,'end':1},".repeat(10_000);
      String head = "'fields':{'text':'t'},";
      // every mark is the same, so overlaps are all that is wrong with as many as are allowed
      refuse(
          head + submitted("'spans':{'value':[" + ten.substring(0, ten.length() - 1) + "]}"),
          "must not have overlapping spans");
      refuse(
          head + submitted("'spans':{'value':[" + ten + "{'label':'x','start':0,'end':1}]}"),
          "must have at most 10000 spans");
    }

    @Test
    void without_ranks_are_ranked_by_their_order_and_ranked_ones_are_written_best_first() {
      FeedbackRecord unranked =
          read(submitted("'ranking':{'value':[{'value':'b'},{'value':'a'},{'value':'c'}]}"));
      FeedbackRecord unsorted =
          read(
              submitted(
                  "'ranking':{'value':[{'value':'c','rank':3},{'value':'b','rank':1},{'value':'a','rank':2}]}"));

      assertThat(unranked.answers("ranking"))
          .containsExactly(RankedOption.bestFirst("b", "a", "c"));
      assertThat(FORMAT.values(unsorted.responses().get(0)).get("ranking"))
          .isEqualTo(
              Map.of(
                  "value",
                  List.of(
                      Map.of("value", "b", "rank", 1),
                      Map.of("value", "a", "rank", 2),
                      Map.of("value", "c", "rank", 3))));
    }
  }

  @Nested
  class Responses {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'status':'submitted','values':{'rating':{'value':1}}",
          "'status':'draft','values':{}",
          "'status':'draft','values':{'why':{'value':'x'}}",
          "'status':'draft','values':{'ranking':{'value':[{'value':'a','rank':1}]}}",
          "'status':'discarded'",
          "'status':'discarded','values':null",
          "'status':'discarded','values':{'why':{'value':'x'}}"
        })
    void are_taken(String response) {
      assertThat(read("'responses':[{'user_id':'u'," + response + "}]").responses()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'status':'submitted'",
          "'status':'submitted','values':null",
          "'status':'submitted','values':{}",
          "'status':'submitted','values':{'why':{'value':'x'}}",
          "'status':'submitted','values':[]",
          "'status':'draft'",
          "'status':'draft','values':null",
          "'status':'draft','values':{'rating':{'value':6}}",
          "'status':'draft','values':{'ranking':{'value':[{'value':'a','rank':4}]}}",
          "'status':'discarded','values':{'rating':{'value':'x'}}",
          "'status':'pending'",
          "'status':null",
          "'values':{'rating':{'value':1}}"
        })
    void are_refused(String response) {
      refuse("'responses':[{'user_id':'u'," + response + "}]");
    }

    @Test
    void are_one_for_each_user() {
      refuse(
          "'responses':[{'user_id':'u','status':'discarded'},{'user_id':'u','status':'discarded'}]",
          "responses must be at most one for each user");
      refuse("'responses':[{'user_id':1,'status':'discarded'}]", "user_id must be a text");
      refuse("'responses':[7]", "response must be an object");
      refuse("'responses':{}", "responses must be a list");
    }

    @Test
    void of_one_user_may_be_empty_drafts() {
      Problems problems = Problems.none();
      Response draft =
          FORMAT.readResponse(
              SettingsJsonTest.json("{'status':'draft','user_id':'somebody else'}"),
              "me",
              problems);

      assertThat(draft).isEqualTo(Response.draft("me", Map.of()));
      assertThat(problems.isEmpty()).isTrue();
    }
  }

  @Nested
  class Suggestions {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'question_id':'id-rating','value':3",
          "'question_id':null,'question_name':'rating','value':3",
          "'question_id':'id-rating','question_name':'ignored','value':3,'id':'x'",
          "'question_id':'id-rating','value':3,'score':0,'type':'model','agent':'m-1'",
          "'question_id':'id-rating','value':3,'score':1,'type':'human'",
          "'question_id':'id-rating','value':3,'score':null,'type':null,'agent':null",
          "'question_id':'id-labels','value':['a','b'],'score':[0.5,1]",
          "'question_id':'id-labels','value':['a'],'score':[0.5]",
          "'question_id':'id-ranking','value':[{'value':'a'},{'value':'b'}]",
          "'question_id':'id-spans','value':[{'label':'x','start':0,'end':1}],'score':[0.1]",
          "'question_id':'id-rating','value':3,'agent':'a B:c.d/e_f-1'"
        })
    void are_taken_and_written(String suggestion) {
      FeedbackRecord record = read("'suggestions':[{" + suggestion + "}]");
      Problems problems = Problems.none();

      assertThat(
              FORMAT.readSuggestions(
                  record.suggestions().stream().map(FORMAT::write).toList(), problems))
          .isEqualTo(record.suggestions());
      assertThat(problems.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "'value':3",
          "'question_id':'unknown','value':3",
          "'question_id':7,'value':3",
          "'question_name':'unknown','value':3",
          "'question_id':'id-rating'",
          "'question_id':'id-rating','value':null",
          "'question_id':'id-rating','value':'3'",
          "'question_id':'id-rating','value':6",
          "'question_id':'id-rating','value':3,'score':1.1",
          "'question_id':'id-rating','value':3,'score':-0.1",
          "'question_id':'id-rating','value':3,'score':'1'",
          "'question_id':'id-rating','value':3,'score':true",
          "'question_id':'id-rating','value':3,'score':[0.5]",
          "'question_id':'id-rating','value':3,'score':[]",
          "'question_id':'id-labels','value':['a'],'score':0.5",
          "'question_id':'id-labels','value':['a','b'],'score':[0.5]",
          "'question_id':'id-labels','value':['a','b'],'score':[]",
          "'question_id':'id-labels','value':['a','b'],'score':[0.5,null]",
          "'question_id':'id-rating','value':3,'type':'robot'",
          "'question_id':'id-rating','value':3,'type':1",
          "'question_id':'id-rating','value':3,'agent':''",
          "'question_id':'id-rating','value':3,'agent':'-'",
          "'question_id':'id-rating','value':3,'agent':'a,b'",
          "'question_id':'id-rating','value':3,'agent':'ä'",
          "'question_id':'id-rating','value':3,'agent':7"
        })
    void are_refused(String suggestion) {
      refuse("'suggestions':[{" + suggestion + "}]");
    }

    @Test
    void name_their_agent_in_at_most_200_characters() {
      String head = "'suggestions':[{'question_id':'id-rating','value':3,'agent':'";
      assertThat(read(head + "a".repeat(200) + "'}]").suggestions()).hasSize(1);
      refuse(head + "a".repeat(201) + "'}]", "agent must be 1 to 200");
    }

    @Test
    void are_one_for_each_question() {
      String one = "{'question_id':'id-rating','value':3}";
      refuse("'suggestions':[" + one + "," + one + "]", "at most one for each question");
    }
  }

  @Test
  void all_problems_of_a_record_are_told_with_their_place() {
    Problems problems = Problems.none();
    FORMAT.readRecord(
        SettingsJsonTest.json(
            "{'external_id':7,'responses':[{'status':'new','values':{'rating':1}}],'vectors':{'v':'x'}}"),
        problems.at("record 3"));

    assertThatThrownBy(() -> problems.throwIfAny("the request"))
        .hasMessageStartingWith("5 problems in the request")
        .hasMessageContaining("record 3: external_id must be a text but was 7")
        .hasMessageContaining("record 3: fields must be given")
        .hasMessageContaining("record 3: v must be a list of numbers")
        .hasMessageContaining("record 3, response 0: rating must be {\"value\": …} but was 1")
        .hasMessageContaining("record 3, response 0: status must be draft, submitted or discarded");
  }
}
