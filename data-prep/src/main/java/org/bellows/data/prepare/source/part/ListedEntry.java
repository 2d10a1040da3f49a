// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Serializable;

/**
 * An entry that listing a source finds. There is no third: what is refused is a {@link SourceItem},
 * too, so that entries found = images read + images refused + entries passed over.
 */
public sealed interface ListedEntry extends Serializable permits SourceItem, PassedOver {}
