// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Text that others wrote: manifests, lists of names, names in archives and tables. It is UTF-8 or
 * it is refused; nothing in it is replaced, joined or cut off in silence. No Spark, no file
 * formats.
 */
package org.bellows.data.text;
