/**
 * Instance norms of a graph as three operations each, for a backend that has them in few passes: the mean, the
 * reciprocal deviation, and scale, shift and ReLU at once. The statistics keep their names, so they are asked for
 * and given as before.
 */

/** What is read and written of a node in a model.json. */
export interface GraphNode {
  name: string;
  op: string;
  input?: string[];
  attr?: object;
}

export const OPS = {
  mean: 'ChannelMean', // x -> its mean in each channel
  deviation: 'ChannelReciprocalDeviation', // x, mean, epsilon
  scaled: 'ScaledNorm', // x, mean, reciprocal deviation, scale, shift
  rectified: 'RectifiedScaledNorm', // the same, then a ReLU
};

const MEAN = /^(norm\d\d)\.mean$/;

/** The nodes with every norm that is built as expected in the operations above; the others stay. */
export function withFusedNorms(nodes: GraphNode[]): GraphNode[] {
  const graph = new Reader(nodes);
  const fused = new Map(nodes.flatMap((node) => fusedNorm(node, graph)).map((node) => [node.name, node]));
  return nodes.map((node) => fused.get(node.name) ?? node);
}

function fusedNorm(mean: GraphNode, graph: Reader): GraphNode[] {
  const [, norm] = MEAN.exec(mean.name) ?? [];
  const deviation = norm && graph.node(`${norm}.reciprocal_deviation`);
  const centred = graph.reader(mean, 'Sub');
  const product = deviation && graph.reader(deviation, 'Mul');
  const scaled = product && graph.reader(product, 'Mul');
  const shifted = scaled && graph.reader(scaled, 'AddV2');
  const epsilon = deviation && graph.epsilonOf(deviation);
  const x = centred?.input?.[0];
  if (!deviation || !shifted || epsilon === undefined || x === undefined) return [];
  const scale = other(product, deviation);
  const shift = other(shifted, scaled);
  if (other(scaled, product) !== centred?.name || scale === undefined || shift === undefined) return [];
  const relu = graph.reader(shifted, 'Relu');
  return [
    { name: mean.name, op: OPS.mean, input: [x] },
    { name: deviation.name, op: OPS.deviation, input: [x, mean.name, epsilon] },
    {
      name: (relu ?? shifted).name,
      op: relu ? OPS.rectified : OPS.scaled,
      input: [x, mean.name, deviation.name, scale, shift],
    },
  ];
}

/** The name of a node's other input of two. */
function other(node: GraphNode, { name }: GraphNode): string | undefined {
  return node.input?.find((each) => each !== name);
}

class Reader {
  private readonly byName: Map<string, GraphNode>;

  constructor(private readonly nodes: GraphNode[]) {
    this.byName = new Map(nodes.map((node) => [node.name, node]));
  }

  node(name: string | undefined): GraphNode | undefined {
    return name === undefined ? undefined : this.byName.get(name);
  }

  /** The node that reads this one, where it is the only one and of that operation. */
  reader({ name }: GraphNode, op: string): GraphNode | undefined {
    const readers = this.nodes.filter((node) => node.input?.includes(name));
    return readers.length === 1 && readers[0]?.op === op ? readers[0] : undefined;
  }

  /** What is added to the variance on the way to its root's reciprocal. */
  epsilonOf(deviation: GraphNode): string | undefined {
    const root = deviation.op === 'Reciprocal' ? this.node(deviation.input?.[0]) : deviation;
    const sum = this.node(root?.input?.[0]);
    return sum?.op === 'AddV2' ? sum.input?.find((name) => this.node(name)?.op === 'Const') : undefined;
  }
}
