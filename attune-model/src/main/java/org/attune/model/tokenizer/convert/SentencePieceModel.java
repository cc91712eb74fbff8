package org.attune.model.tokenizer.convert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.attune.model.checkpoint.CheckpointException;

/**
 * What a SentencePiece model file says: the pieces with their scores and kinds, and how it was told
 * to normalize. Field numbers are those of {@code sentencepiece_model.proto}.
 */
final class SentencePieceModel {
  /** The kinds of pieces, in the file's numbering less one. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE
  }

  /** What cuts a text into pieces, in the file's numbering less one. */
  enum Algorithm {
    UNIGRAM,
    PAIRS,
    WORD,
    CHARACTER
  }

  record Piece(String text, float score, Kind kind) {}

  private final Path file;
  private final List<Piece> pieces = new ArrayList<>();
  private Algorithm algorithm = Algorithm.UNIGRAM;
  private boolean hasByteFallback;
  private boolean spacesEndWords;
  private byte[] charsMap = new byte[0];
  private boolean addsPrefix = true;
  private boolean removesExtraSpaces = true;
  private boolean escapesSpaces = true;

  private SentencePieceModel(Path file) {
    this.file = file;
  }

  /**
   * @param file named in errors
   * @throws CheckpointException if the bytes are no such model, or one of a kind not known here
   */
  static SentencePieceModel read(Path file, byte[] content) {
    SentencePieceModel model = new SentencePieceModel(file);
    WireFormat wire = new WireFormat(file, ByteBuffer.wrap(content));
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> model.pieces.add(model.piece(wire.message()));
        case 2 -> model.readTrainer(wire.message());
        case 3 -> model.readNormalizer(wire.message());
        default -> wire.skip();
      }
    }
    model.check();
    return model;
  }

  private Piece piece(WireFormat wire) {
    String text = "";
    float score = 0;
    Kind kind = Kind.NORMAL;
    while (wire.next()) {
      switch (wire.field()) {
        case 1 -> text = text(wire.bytes());
        case 2 -> score = wire.float32();
        case 3 -> kind = constant(Kind.values(), wire.number(), "the kind of a piece");
        default -> wire.skip();
      }
    }
    if (text.isEmpty()) {
      throw damaged("piece %,d is empty".formatted(pieces.size()));
    }
    if (text.length() > GgufVocabulary.MAX_LENGTH) {
      throw damaged(
          "piece %,d is %,d characters long, but %,d is the most"
              .formatted(pieces.size(), text.length(), GgufVocabulary.MAX_LENGTH));
    }
    if (!Float.isFinite(score)) {
      throw damaged("the score of piece %,d (%s) is %s".formatted(pieces.size(), text, score));
    }
    return new Piece(text, score, kind);
  }

  private void readTrainer(WireFormat wire) {
    while (wire.next()) {
      switch (wire.field()) {
        case 3 -> algorithm = constant(Algorithm.values(), wire.number(), "the model type");
        case 24 -> spacesEndWords = wire.flag();
        case 35 -> hasByteFallback = wire.flag();
        default -> wire.skip();
      }
    }
  }

  private void readNormalizer(WireFormat wire) {
    while (wire.next()) {
      switch (wire.field()) {
        case 2 -> {
          ByteBuffer bytes = wire.bytes();
          charsMap = new byte[bytes.remaining()];
          bytes.get(charsMap);
        }
        case 3 -> addsPrefix = wire.flag();
        case 4 -> removesExtraSpaces = wire.flag();
        case 5 -> escapesSpaces = wire.flag();
        default -> wire.skip();
      }
    }
  }

  private <T> T constant(T[] constants, long number, String what) {
    if (number < 1 || number > constants.length) {
      throw damaged("%s must be in 1 to %d but was %d".formatted(what, constants.length, number));
    }
    return constants[(int) number - 1];
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes).toString();
  }

  private void check() {
    if (pieces.isEmpty()) {
      throw damaged("it has no pieces");
    }
    if (algorithm == Algorithm.WORD || algorithm == Algorithm.CHARACTER) {
      throw damaged(
          "its model type is %s, and only UNIGRAM and BPE are known".formatted(algorithm));
    }
    if (charsMap.length > 0) {
      CharsMap.problem(charsMap)
          .ifPresent(
              problem -> {
                throw damaged(problem);
              });
    }
    if (spacesEndWords || !escapesSpaces) {
      throw damaged(
          "it sets treat_whitespace_as_suffix or unsets escape_whitespaces, which is not known");
    }
  }

  CheckpointException damaged(String problem) {
    return new WireFormat(file, ByteBuffer.allocate(0)).damaged(problem);
  }

  List<Piece> pieces() {
    return pieces;
  }

  Algorithm algorithm() {
    return algorithm;
  }

  /** Whether a character that is no piece becomes the pieces of its bytes. */
  boolean hasByteFallback() {
    return hasByteFallback;
  }

  /** The compiled replacements of characters; empty for none. */
  byte[] charsMap() {
    return charsMap.clone();
  }

  boolean addsPrefix() {
    return addsPrefix;
  }

  boolean removesExtraSpaces() {
    return removesExtraSpaces;
  }

  /** The id of the piece for what has none. */
  int unknownId() {
    for (int id = 0; id < pieces.size(); id++) {
      if (pieces.get(id).kind() == Kind.UNKNOWN) {
        return id;
      }
    }
    throw damaged("it has no piece for what is unknown");
  }
}
