// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * JPEG (ITU-T T.81) without pixels: structure, tables and every Huffman code of a file are checked
 * here before native code sees the little of it that a decoder needs. Nothing is decoded to a
 * picture, and OpenCV may not be called.
 */
package org.bellows.data.decode.jpeg;
