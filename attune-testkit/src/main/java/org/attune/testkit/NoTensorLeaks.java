package org.attune.testkit;

import org.attune.tensor.TensorScope;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * Fails every test that leaves more tensors alive than it found.
 *
 * <p>JUnit finds this extension by itself in each module that has the test kit on its test class
 * path. What {@code @BeforeAll} makes is not counted against the tests. The count is of the whole
 * process, so tests that touch tensors run one at a time.
 */
public final class NoTensorLeaks implements BeforeEachCallback, AfterEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(NoTensorLeaks.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(context.getUniqueId(), TensorScope.liveCount());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    long before = context.getStore(NAMESPACE).remove(context.getUniqueId(), Long.class);
    long leaked = TensorScope.liveCount() - before;
    if (leaked > 0) {
      throw new AssertionError(
          "The test left "
              + leaked
              + " tensors alive. Run the work in TensorScope.with(...) or use(...), and close every"
              + " TensorScope.owner().");
    }
  }
}
