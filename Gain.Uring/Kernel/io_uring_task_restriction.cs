using System.Runtime.InteropServices;

namespace Gain.Kernel;

/// <summary>The head of the restrictions of a task; newer than 6.18.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct io_uring_task_restriction
{
    [FieldOffset(0)] public ushort flags;
    [FieldOffset(2)] public ushort nr_res;
}
