// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Types shared by all image formats: decoded pixels, header, EXIF orientation, limits of size, a
 * cursor over bytes, and the reasons why an image is refused ({@link
 * org.bellows.data.decode.image.ImageRefusedException}). Nothing here knows a format; the formats
 * have a package each and import this one.
 */
package org.bellows.data.decode.image;
