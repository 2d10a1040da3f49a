// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Networks under the names of other projects: which of a network's arrays is which of a published
 * checkpoint ({@link org.bellows.models.pretrained.PretrainedForm}) and how that framework lays it
 * out ({@link org.bellows.models.pretrained.ForeignParameter}). The tables of names are beside the
 * families, the list of the tables in models.zoo. No file is read here.
 */
package org.bellows.models.pretrained;
