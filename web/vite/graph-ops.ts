/**
 * The TensorFlow operations that our graphs may use, and what of TensorFlow.js runs each:
 * operation: [function of tfjs-core, kernels of the backends].
 * What the published graphs use today, and beside it what the exporter could write tomorrow.
 * Operations that compute nothing (Const, Identity, Placeholder, NoOp, Shape) are always there.
 */
export const GRAPH_OPS: Record<string, [string, ...string[]]> = {
  // convolution and pooling
  Conv2D: ['conv2d', 'Conv2D'],
  _FusedConv2D: ['fused.conv2d', 'FusedConv2D', 'Conv2D', 'Prelu'],
  Conv2DBackpropInput: ['conv2dTranspose', 'Conv2DBackpropInput'],
  DepthwiseConv2dNative: ['depthwiseConv2d', 'DepthwiseConv2dNative'],
  FusedDepthwiseConv2dNative: [
    'fused.depthwiseConv2d',
    'FusedDepthwiseConv2D',
    'DepthwiseConv2dNative',
    'Prelu',
  ],
  AvgPool: ['avgPool', 'AvgPool'],
  MaxPool: ['maxPool', 'MaxPool'],
  MatMul: ['matMul', 'BatchMatMul'],
  BatchMatMulV2: ['matMul', 'BatchMatMul'],
  _FusedMatMul: ['fused.matMul', '_FusedMatMul', 'BatchMatMul', 'Prelu'],
  // arithmetic
  Add: ['add', 'Add'],
  AddV2: ['add', 'Add'],
  AddN: ['addN', 'AddN'],
  BiasAdd: ['add', 'Add'],
  Sub: ['sub', 'Sub'],
  Mul: ['mul', 'Multiply'],
  RealDiv: ['div', 'RealDiv', 'FloorDiv'],
  FloorDiv: ['floorDiv', 'FloorDiv'],
  Maximum: ['maximum', 'Maximum'],
  Minimum: ['minimum', 'Minimum'],
  Pow: ['pow', 'Pow'],
  SquaredDifference: ['squaredDifference', 'SquaredDifference'],
  Abs: ['abs', 'Abs'],
  Exp: ['exp', 'Exp'],
  Expm1: ['expm1', 'Expm1'],
  Floor: ['floor', 'Floor'],
  Log: ['log', 'Log'],
  Neg: ['neg', 'Neg'],
  Reciprocal: ['reciprocal', 'Reciprocal'],
  Rsqrt: ['rsqrt', 'Rsqrt'],
  Sqrt: ['sqrt', 'Sqrt'],
  Square: ['square', 'Square'],
  // activations and normalisation; the backends call one kernel by two names
  ClipByValue: ['clipByValue', 'ClipByValue', 'Fill'],
  FusedBatchNorm: ['batchNorm', 'FusedBatchNorm', 'BatchNorm'],
  FusedBatchNormV3: ['batchNorm', 'FusedBatchNorm', 'BatchNorm'],
  LeakyRelu: ['leakyRelu', 'LeakyRelu'],
  Prelu: ['prelu', 'Prelu'],
  Relu: ['relu', 'Relu'],
  Relu6: ['relu6', 'Relu6'],
  Sigmoid: ['sigmoid', 'Sigmoid'],
  Softmax: ['softmax', 'Softmax'],
  Tanh: ['tanh', 'Tanh'],
  // reductions
  Cumsum: ['cumsum', 'Cumsum'],
  Max: ['max', 'Max'],
  Mean: ['mean', 'Mean'],
  Min: ['min', 'Min'],
  Prod: ['prod', 'Prod'],
  Sum: ['sum', 'Sum'],
  // shapes and slices
  Cast: ['cast', 'Cast'],
  ConcatV2: ['concat', 'Concat'],
  DepthToSpace: ['depthToSpace', 'DepthToSpace'],
  ExpandDims: ['expandDims', 'ExpandDims'],
  Fill: ['fill', 'Fill'],
  GatherV2: ['gather', 'GatherV2', 'Cast'],
  MirrorPad: ['mirrorPad', 'MirrorPad'],
  Pack: ['stack', 'Pack', 'Reshape', 'ExpandDims', 'Concat'],
  Pad: ['pad', 'PadV2'],
  PadV2: ['pad', 'PadV2'],
  Range: ['range', 'Range'],
  Reshape: ['reshape', 'Reshape'],
  ResizeBilinear: ['image.resizeBilinear', 'ResizeBilinear'],
  ResizeNearestNeighbor: ['image.resizeNearestNeighbor', 'ResizeNearestNeighbor'],
  Shape: ['tensor1d'],
  Slice: ['slice', 'Slice'],
  Split: ['split', 'SplitV', 'Slice'],
  SplitV: ['split', 'SplitV', 'Slice'],
  Squeeze: ['squeeze', 'Reshape'],
  StridedSlice: ['stridedSlice', 'StridedSlice'],
  Tile: ['tile', 'Tile'],
  Transpose: ['transpose', 'Transpose'],
  Unpack: ['unstack', 'Unpack', 'Slice', 'Reshape'],
};

/** Operations that the executor handles by itself. */
export const FREE_OPS = ['Const', 'Identity', 'IdentityN', 'NoOp', 'Placeholder', 'StopGradient'];

/** Kernels that the library or the engine calls besides the graphs'. */
export const OTHER_KERNELS = ['Cast', 'Identity', 'Mean', 'Reshape', 'Square'];
