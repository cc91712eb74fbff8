package org.attune.model.template;

/** What a token of a template is. */
enum TokenKind {
  TEXT,
  PRINT_BEGIN,
  PRINT_END,
  BLOCK_BEGIN,
  BLOCK_END,
  NAME,
  STRING,
  INTEGER,
  FLOAT,
  OPERATOR,
  END
}
