"""Built pages on which frames never come, as in a hidden tab, and whose workers can be watched and hurt.
A worker's scope gets

gl         the newest WebGL context, which tells like a graphics card's when its shaders are compiled
calls      how often each of some methods of such contexts was called
loseAfter  the method whose next call the context is lost in
"""

import shutil
from pathlib import Path

PRELUDE = """{
  self.requestAnimationFrame = () => 0;
  if (self.WorkerGlobalScope && !self.calls) {
    self.calls = {};
    const getContext = OffscreenCanvas.prototype.getContext;
    OffscreenCanvas.prototype.getContext = function (...args) {
      const context = getContext.apply(this, args);
      if (args[0] === 'webgl2') self.gl = context;
      return context;
    };
    const methods = WebGL2RenderingContext.prototype;
    const { getExtension, getProgramParameter } = methods;
    const asked = new Map(); // how often a program was asked whether it is compiled
    methods.getExtension = function (name) {
      if (name === 'KHR_parallel_shader_compile') return { COMPLETION_STATUS_KHR: 0x91b1 };
      return getExtension.call(this, name);
    };
    methods.getProgramParameter = function (program, name) {
      if (name !== 0x91b1) return getProgramParameter.call(this, program, name);
      asked.set(program, (asked.get(program) ?? 0) + 1);
      return asked.get(program) > 2;
    };
    for (const name of ['createTexture', 'linkProgram', 'fenceSync', 'readPixels', 'getBufferSubData']) {
      const method = methods[name];
      self.calls[name] = 0;
      methods[name] = function (...args) {
        self.calls[name] += 1;
        const result = method.apply(this, args);
        if (self.loseAfter === name) {
          self.loseAfter = undefined;
          getExtension.call(this, 'WEBGL_lose_context').loseContext();
        }
        return result;
      };
    }
  }
}
"""


def wired(page: Path, copy: Path) -> Path:
    """A copy of a built page with these wires laid; every script begins with them, as any may run first."""
    shutil.copytree(page, copy, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    for script in copy.glob("assets/*.js"):
        script.write_text(PRELUDE + script.read_text())
    return copy
