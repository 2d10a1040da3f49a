// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The meaning of the pixels of masks: from a file to labels ({@link
 * org.bellows.data.prepare.mask.MaskReader}), by rules that are the same for a whole source ({@link
 * org.bellows.data.prepare.mask.MaskRules}). No brightness is taken for a label here: values are
 * those that stand in the file, and one that means nothing refuses it. No Spark, and no file is
 * opened but the tables of colours and names.
 */
package org.bellows.data.prepare.mask;
