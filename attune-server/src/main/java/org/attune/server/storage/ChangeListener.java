package org.attune.server.storage;

/**
 * Whoever is told of changes, within the transaction that makes them: what it writes there is kept
 * if they are, and only then.
 */
public interface ChangeListener {

  /** A listener that wants to hear nothing. */
  ChangeListener NOBODY =
      new ChangeListener() {
        @Override
        public boolean listens(Transaction transaction) {
          return false;
        }

        @Override
        public void changed(Transaction transaction, Change change) {
          // nobody wants to know
        }
      };

  /** Whether it is worth finding out what to tell. */
  boolean listens(Transaction transaction);

  void changed(Transaction transaction, Change change);
}
