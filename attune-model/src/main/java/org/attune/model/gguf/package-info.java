/**
 * GGUF, the file format of llama.cpp: reading, writing, and how its models are called elsewhere.
 */
@NullMarked
package org.attune.model.gguf;

import org.jspecify.annotations.NullMarked;
