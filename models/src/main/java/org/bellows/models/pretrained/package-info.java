/**
 * Networks under the names of other projects: which of a network's arrays is which of a published
 * checkpoint ({@link org.bellows.models.pretrained.PretrainedForm}), how that framework lays it out
 * ({@link org.bellows.models.pretrained.ForeignParameter}), and which forms there are ({@link
 * org.bellows.models.pretrained.PretrainedForms}). The tables of names stand beside the families.
 * No file is read here.
 */
package org.bellows.models.pretrained;
