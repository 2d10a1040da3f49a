package org.bellows.data.prepare;

import java.io.Serializable;

/**
 * A file that was left out.
 *
 * @param path relative to the source
 * @param kind one word, for counting
 * @param reason a predicate: "is a truncated JPEG: ..."
 */
public record RefusedFile(String path, String kind, String reason) implements Serializable {}
