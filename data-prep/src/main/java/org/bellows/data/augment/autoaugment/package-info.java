// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * AutoAugment: the operations, how strong each magnitude makes them, and the three published
 * policies. A new policy is one method of {@link org.bellows.data.augment.autoaugment.Policies}.
 */
package org.bellows.data.augment.autoaugment;
