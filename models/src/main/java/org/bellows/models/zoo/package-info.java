// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Which networks there are ({@link org.bellows.models.zoo.NetworkRegistry}) and which of them other
 * projects publish weights of ({@link org.bellows.models.zoo.PretrainedForms}). A new family is one
 * line here. The networks themselves have a package for each family; no family may import this
 * package.
 */
package org.bellows.models.zoo;
