/**
 * Checkpoints of a run: {@code checkpoints/step-000001234/} with
 *
 * <ul>
 *   <li>{@code parameters.bin}: one float array, the flat vector ({@link
 *       org.bellows.worker.files.FloatArrays})
 *   <li>{@code optimizer.bin}: the optimizer's state arrays, the slices of all ranks joined
 *   <li>{@code state.json}: {@link org.bellows.worker.checkpoint.TrainingState}
 *   <li>{@code MANIFEST.json}: lengths and SHA-256, written last
 * </ul>
 *
 * <p>None of the first three depends on how many workers wrote it.
 */
package org.bellows.worker.checkpoint;
