// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;

/**
 * How much of the label maps of a split one label takes.
 *
 * @param label a class, or {@link PixelClass#VOID}
 * @param pixels that have it
 * @param pictures whose label map has it
 * @param pixelsOfPictures pixels of these pictures, whatever their label
 */
public record LabelPixels(int label, long pixels, long pictures, long pixelsOfPictures)
    implements Serializable {}
