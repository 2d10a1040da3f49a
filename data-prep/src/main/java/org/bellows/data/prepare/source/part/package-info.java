// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The interface of every kind of source: parts ({@link
 * org.bellows.data.prepare.source.part.SourcePart}), their items ({@link
 * org.bellows.data.prepare.source.part.SourceItem}) and labels ({@link
 * org.bellows.data.prepare.source.part.ClassLabels}), and the rule which entries are read. No kind
 * of source may be named here.
 */
package org.bellows.data.prepare.source.part;
