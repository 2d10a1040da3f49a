package org.bellows.data.prepare;

import java.io.Serializable;
import org.bellows.data.prepare.source.SourceItem;

/**
 * What listing gives: an item, or as the last thing why the rest could not be listed.
 *
 * @param item null when there is a failure
 * @param failure null when there is an item
 */
record Listed(SourceItem item, Failure failure) implements Serializable {}
