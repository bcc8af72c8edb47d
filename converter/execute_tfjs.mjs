// Runs a finished TensorFlow.js graph on the wasm backend, as the page does, for the converter's last comparison:
//   node converter/execute_tfjs.mjs MODEL_FOLDER WORK_FOLDER
// WORK_FOLDER/samples.json: [{"inputs": [{"tensor", "shape", "file"}], "outputs": [{"tensor", "file"}]}]; the files
// hold little-endian float32. results.json gets the outputs' shapes: [[shape]]. TensorFlow.js is the page's own.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(new URL('../web/package.json', import.meta.url));
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setThreadsCount, setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

function bytesOf(...files) {
  const joined = Buffer.concat(files.map((file) => readFileSync(file)));
  return joined.buffer.slice(joined.byteOffset, joined.byteOffset + joined.length);
}

function readModel(folder) {
  const { modelTopology, signature, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const weightSpecs = weightsManifest.flatMap((group) => group.weights);
  const weightData = bytesOf(...weightsManifest.flatMap((group) => group.paths).map((path) => join(folder, path)));
  return loadGraphModel(tf.io.fromMemory({ modelTopology, signature, weightSpecs, weightData }));
}

const [modelFolder, workFolder] = process.argv.slice(2);
setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + '/');
setThreadsCount(1); // threads would keep Node from ending
await tf.setBackend('wasm');
const model = await readModel(modelFolder);
const shapes = [];
for (const { inputs, outputs } of JSON.parse(readFileSync(join(workFolder, 'samples.json'), 'utf8'))) {
  const values = (file) => new Float32Array(bytesOf(join(workFolder, file)));
  const tensors = inputs.map(({ tensor, shape, file }) => [tensor, tf.tensor(values(file), shape, 'float32')]);
  const results = [model.execute(Object.fromEntries(tensors), outputs.map(({ tensor }) => tensor))].flat();
  results.forEach((result, i) => writeFileSync(join(workFolder, outputs[i].file), result.dataSync()));
  shapes.push(results.map((result) => result.shape));
  tf.dispose([results, tensors]);
}
writeFileSync(join(workFolder, 'results.json'), JSON.stringify(shapes));
