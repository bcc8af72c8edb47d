// The page's side of bench/harness.py: runs TensorFlow.js graph models, ours and the peers', with the same library.

const BATCH_NORM_ONES = /(gamma|moving_variance|BatchNorm\/Const)$/;
const BATCH_NORM_ZEROS = /(beta|moving_mean|biases)$/;
const INTEGERS = [
  [/reduction_indices$/, [1, 2]], // the mean over height and width
  [/concat\/axis$/, [3]],
];
const graphs = new Map();

/** Chooses the WebAssembly backend; resolves to the library's version and the backend's name. */
export async function start() {
  tf.wasm.setWasmPaths('/tensorflow/tfjs-backend-wasm/dist/');
  tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  await tf.setBackend('wasm');
  return `TensorFlow.js ${tf.version_core}, ${tf.getBackend()}`;
}

/** Loads a graph; where its weights are not to be had, random ones are made: speed does not depend on them. */
export async function load(name, url, hasWeights) {
  const model = await (await fetch(url)).json();
  const weightSpecs = model.weightsManifest.flatMap((group) => group.weights);
  const weightData = hasWeights ? await fetchWeights(url, model) : randomWeights(weightSpecs);
  const artifacts = { modelTopology: model.modelTopology, signature: model.signature, weightSpecs, weightData };
  graphs.set(name, await tf.loadGraphModel(tf.io.fromMemory(artifacts)));
}

async function fetchWeights(url, model) {
  const paths = model.weightsManifest.flatMap((group) => group.paths);
  const answers = await Promise.all(paths.map((path) => fetch(new URL(path, new URL(url, location.href)))));
  if (!answers.every((answer) => answer.ok)) throw new Error(`Weights of ${url} are missing.`);
  return new Blob(await Promise.all(answers.map((answer) => answer.blob()))).arrayBuffer();
}

/** Random weights of the spread that keeps activations at one size (He), identity batch norms. */
function randomWeights(specs) {
  const tensors = specs.map((spec) => (spec.dtype === 'int32' ? integers(spec.name) : floats(spec)));
  return tf.io.concatenateArrayBuffers(tensors.map((values) => values.buffer));
}

function integers(name) {
  const known = INTEGERS.find(([pattern]) => pattern.test(name));
  if (!known) throw new Error(`The integers ${name} are not known.`);
  return Int32Array.from(known[1]);
}

function floats({ name, shape }) {
  const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
  if (BATCH_NORM_ONES.test(name)) return values.fill(1);
  if (BATCH_NORM_ZEROS.test(name)) return values;
  const inputs = shape.slice(0, /depthwise/.test(name) ? 2 : -1).reduce((a, b) => a * b, 1);
  return values.map(() => (2 * Math.random() - 1) * Math.sqrt(6 / inputs));
}

/** Milliseconds of each of `repeats` runs of each graph, taken in turn; `inputs` holds the shapes by tensor. */
export async function time(runs, repeats) {
  const tensors = runs.map(({ inputs }) => random(inputs));
  const times = runs.map(() => []);
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (const [i, { name }] of runs.entries()) {
      const started = performance.now();
      await (await execute(name, tensors[i])).data;
      if (repeat >= 0) times[i].push(performance.now() - started); // the first run warms up
    }
  }
  tf.dispose(tensors);
  return times;
}

function random(inputs) {
  return Object.fromEntries(Object.entries(inputs).map(([tensor, shape]) => [tensor, tf.randomUniform(shape)]));
}

async function execute(name, tensors) {
  const output = graphs.get(name).execute(tensors);
  const result = { shape: output.shape, data: await output.data() };
  output.dispose();
  return result;
}

/** Runs a graph once; arrays travel as {shape, base64 of float32}. */
export async function run(name, inputs) {
  const tensors = Object.fromEntries(
    Object.entries(inputs).map(([tensor, { shape, base64 }]) => [tensor, tf.tensor(fromBase64(base64), shape)]),
  );
  const { shape, data } = await execute(name, tensors);
  tf.dispose(tensors);
  return { shape, base64: toBase64(data) };
}

function fromBase64(base64) {
  return new Float32Array(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)).buffer);
}

function toBase64(floats) {
  const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
  let text = '';
  for (let i = 0; i < bytes.length; i += 32768) text += String.fromCharCode(...bytes.subarray(i, i + 32768));
  return btoa(text);
}
