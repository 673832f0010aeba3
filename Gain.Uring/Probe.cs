using Gain.Kernel;

namespace Gain.Uring;

/// <summary>The operations that the kernel has; from <see cref="Ring.GetProbe()"/>. Any thread.</summary>
/// <remarks>An operation can be there and still lack a flag: only trying tells.</remarks>
public sealed class Probe
{
    private readonly bool[] _supported = new bool[256];

    internal Probe(ReadOnlySpan<io_uring_probe_op> operations)
    {
        foreach (ref readonly io_uring_probe_op operation in operations)
        {
            _supported[operation.op] = (operation.flags & IO_URING_OP.IO_URING_OP_SUPPORTED) != 0;
        }
    }

    /// <summary>Whether the kernel has an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <returns>True when it has.</returns>
    public bool IsSupported(RingOperation operation) => _supported[(byte)operation];

    /// <summary>Throws when the kernel does not have an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <exception cref="NotSupportedException">The kernel does not have it.</exception>
    public void Require(RingOperation operation)
    {
        if (!IsSupported(operation))
        {
            throw new NotSupportedException(
                $"This kernel's io_uring ({Environment.OSVersion.Version}) has no {operation}: the "
                + "operation's description names the version that does.");
        }
    }
}
