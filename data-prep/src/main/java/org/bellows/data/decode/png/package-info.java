// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
/**
 * PNG (ISO/IEC 15948), checked and decoded in Java. OpenCV may not be called: its libpng never sees
 * a file.
 */
package org.bellows.data.decode.png;
