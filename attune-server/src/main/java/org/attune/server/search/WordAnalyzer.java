package org.attune.server.search;

import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/** Words by Unicode's rules, in lower case and without accents. No word is too common to find. */
final class WordAnalyzer extends Analyzer {

  @Override
  protected TokenStreamComponents createComponents(String field) {
    StandardTokenizer words = new StandardTokenizer();
    return new TokenStreamComponents(words, folded(words));
  }

  @Override
  protected TokenStream normalize(String field, TokenStream in) {
    return folded(in);
  }

  private static TokenStream folded(TokenStream words) {
    return new ASCIIFoldingFilter(new LowerCaseFilter(words));
  }
}
