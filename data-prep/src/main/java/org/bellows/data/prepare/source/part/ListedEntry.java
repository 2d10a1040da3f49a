package org.bellows.data.prepare.source.part;

import java.io.Serializable;

/**
 * What listing a source meets. There is no third: what is refused is a {@link SourceItem}, too, so
 * that entries found = images read + images refused + entries passed over.
 */
public sealed interface ListedEntry extends Serializable permits SourceItem, PassedOver {}
