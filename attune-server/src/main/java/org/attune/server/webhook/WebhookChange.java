package org.attune.server.webhook;

import org.attune.server.storage.Change;

/** A webhook was made, changed or deleted. */
public record WebhookChange() implements Change {}
