/** Low-rank adapters: what they change, how they are trained, and PEFT's files of them. */
@NullMarked
package org.attune.model.adapter;

import org.jspecify.annotations.NullMarked;
