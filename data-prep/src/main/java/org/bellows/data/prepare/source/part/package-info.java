/**
 * What every kind of source gives: parts ({@link org.bellows.data.prepare.source.part.SourcePart}),
 * their items ({@link org.bellows.data.prepare.source.part.SourceItem}) and labels ({@link
 * org.bellows.data.prepare.source.part.ClassLabels}), and the rule which entries are looked at. No
 * kind of source may be named here.
 */
package org.bellows.data.prepare.source.part;
