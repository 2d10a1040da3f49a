// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * From encoded bytes to 8-bit pixels. Nothing is handed to native code before it was gone through
 * in Java: what the file is (by content, never by name), its dimensions, and, down to the last
 * Huffman code ({@code jpeg.JpegStructure}) or row ({@code png.PngStructure}), that the picture is
 * whole. Native code then gets {@code jpeg.JpegEssentials}, and PNGs never. A file is either
 * decoded or refused with a reason ({@link org.bellows.data.decode.image.ImageRefusedException});
 * there is no third outcome.
 *
 * <p>JPEG: ITU-T T.81 annex B. PNG: W3C Portable Network Graphics, 2nd edition. EXIF: CIPA DC-008.
 */
package org.bellows.data.decode;
