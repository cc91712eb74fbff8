package org.attune.server.search;

import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * Lucene's own formats, for vectors of up to 4,096 dimensions instead of 1,024. They bear the names
 * of Lucene's, which reads what they write.
 */
final class WideVectors extends FilterCodec {

  private static final int MOST_DIMENSIONS = 4096;
  private static final int NEIGHBOURS = 16;
  private static final int BEAM = 100;

  private final KnnVectorsFormat format =
      new PerFieldKnnVectorsFormat() {
        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
          return new Wide();
        }
      };

  private WideVectors(Codec codec) {
    super(codec.getName(), codec);
  }

  static Codec codec() {
    return new WideVectors(Codec.getDefault());
  }

  @Override
  public KnnVectorsFormat knnVectorsFormat() {
    return format;
  }

  private static final class Wide extends KnnVectorsFormat {

    private final KnnVectorsFormat lucene = new Lucene99HnswVectorsFormat(NEIGHBOURS, BEAM);

    Wide() {
      super("Lucene99HnswVectorsFormat");
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
      return lucene.fieldsWriter(state);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
      return lucene.fieldsReader(state);
    }

    @Override
    public int getMaxDimensions(String field) {
      return MOST_DIMENSIONS;
    }
  }
}
