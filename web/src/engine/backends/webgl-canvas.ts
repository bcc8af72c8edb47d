/** A painting that lies on the graphics processor as a bitmap, without reading it back. */
import { backend, type Tensor } from '@tensorflow/tfjs-core';
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl';
import type { Size } from '../guided';
import type { Padding } from '../pixels';

/** One triangle that covers the canvas. */
const VERTEX_SHADER = `#version 300 es
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  gl_Position = vec4(2.0 * corner - 1.0, 0.0, 1.0);
}`;

/** Four numbers a texel, [height, width * 3 / 4] texels; the picture's first row is the canvas's last. */
const FRAGMENT_SHADER = `#version 300 es
precision highp float;
uniform highp sampler2D painted;
uniform ivec2 offset; // left and top padding
uniform int height;
out vec4 colour;
float number(ivec2 at) {
  return texelFetch(painted, ivec2(at.x >> 2, at.y), 0)[at.x & 3];
}
void main() {
  ivec2 at = offset + ivec2(int(gl_FragCoord.x), height - 1 - int(gl_FragCoord.y));
  int first = 3 * at.x;
  colour = vec4(number(ivec2(first, at.y)), number(ivec2(first + 1, at.y)), number(ivec2(first + 2, at.y)), 1.0);
}`;

let program: WebGLProgram | undefined;

/**
 * painted: [1, padding.height, padding.width, 3] in [0,1], its width a multiple of 4. Gives what lies inside the
 * padding, opaque, once it is computed. The canvas is TensorFlow.js's own, which it never draws on.
 */
export async function toBitmap(painted: Tensor, padding: Padding, size: Size): Promise<ImageBitmap> {
  const context = (backend() as MathBackendWebGL).getGPGPUContext();
  const gl = context.gl as WebGL2RenderingContext;
  const { tensorRef, texture } = painted.dataToGPU({
    customTexShape: [padding.height, (padding.width * 3) / 4],
  });
  try {
    program ??= link(gl);
    fit(gl, size);
    context.setProgram(program as Parameters<typeof context.setProgram>[0]);
    context.bindVertexArray(null);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture as WebGLTexture);
    gl.uniform1i(gl.getUniformLocation(program, 'painted'), 0);
    gl.uniform2i(gl.getUniformLocation(program, 'offset'), padding.left, padding.top);
    gl.uniform1i(gl.getUniformLocation(program, 'height'), size.height);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    const bitmap = (gl.canvas as OffscreenCanvas).transferToImageBitmap();
    await context.createAndWaitForFence();
    return bitmap;
  } finally {
    tensorRef.dispose();
  }
}

function fit(gl: WebGL2RenderingContext, { width, height }: Size): void {
  if (gl.canvas.width !== width || gl.canvas.height !== height) Object.assign(gl.canvas, { width, height });
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.viewport(0, 0, width, height);
  gl.scissor(0, 0, width, height);
}

function link(gl: WebGL2RenderingContext): WebGLProgram {
  const linked = gl.createProgram();
  gl.attachShader(linked, compile(gl, gl.VERTEX_SHADER, VERTEX_SHADER));
  gl.attachShader(linked, compile(gl, gl.FRAGMENT_SHADER, FRAGMENT_SHADER));
  gl.linkProgram(linked);
  if (!gl.getProgramParameter(linked, gl.LINK_STATUS)) {
    throw new Error(`WebGL cannot draw: ${gl.getProgramInfoLog(linked) ?? 'no reason given'}`);
  }
  return linked;
}

function compile(gl: WebGL2RenderingContext, type: number, source: string): WebGLShader {
  const shader = gl.createShader(type);
  if (!shader) throw new Error('WebGL cannot make a shader.');
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  return shader;
}
