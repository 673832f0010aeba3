using System.Runtime.InteropServices;
using Gain.Kernel;

namespace Gain.Rings;

/// <summary>
/// Message headers and lists of pieces for gathered sends, one for each place in the submission queue: what
/// is written for an entry stays until the kernel has taken the entry, as only then its place comes again.
/// </summary>
internal sealed unsafe class GatherScratch : IDisposable
{

    // SAFETY: the mapping is this object's until Dispose; the kernel reads it while it takes entries.
    private Frame* _frames;
    private readonly nuint _bytes;
    private readonly uint _mask;

    public GatherScratch(uint entries)
    {
        _mask = entries - 1;
        _bytes = entries * (nuint)sizeof(Frame);
        _frames = (Frame*)NativePages.Map(_bytes);
    }

    /// <summary>Writes the header for the entry at an index of the submission queue.</summary>
    // SAFETY: the result is valid until the kernel has taken the entry, and is not used by us after that.
    public msghdr* Fill(uint entryIndex, ReadOnlySpan<iovec> pieces)
    {
        Frame* frame = _frames + (entryIndex & _mask);
        var list = (iovec*)frame->Pieces;
        pieces.CopyTo(new Span<iovec>(list, IRing.MaxPieces));
        frame->Header = default;
        frame->Header.msg_iov = list;
        frame->Header.msg_iovlen = (nuint)pieces.Length;
        return &frame->Header;
    }

    public void Dispose()
    {
        NativePages.Unmap(_frames, _bytes);
        _frames = null;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Frame
    {
        public msghdr Header;
        public fixed ulong Pieces[IRing.MaxPieces * 2];
    }
}
