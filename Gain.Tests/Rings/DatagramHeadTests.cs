using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gain.Kernel;
using Gain.Rings;

namespace Gain.Tests.Rings;

/// <summary>Control data at its edges.</summary>
public sealed class DatagramHeadTests
{
    private static readonly int s_headBytes = Unsafe.SizeOf<cmsghdr>();

    [Test]
    public void A_piece_without_data_is_there_and_the_next_one_too()
    {
        DatagramHead head = With(bytes: 2 * s_headBytes, (s_headBytes, 1), (s_headBytes, 2));
        Assert.That(head.TryGetControl(SocketAbi.IPPROTO_IP, 1, out ReadOnlySpan<byte> data));
        Assert.That(data.IsEmpty);
        Assert.That(head.TryGetControl(SocketAbi.IPPROTO_IP, 2, out data));
        Assert.That(data.IsEmpty);
    }

    [Test]
    public void A_piece_that_is_shorter_than_its_head_or_longer_than_the_rest_ends_the_search()
    {
        DatagramHead head = With(bytes: 2 * s_headBytes, (s_headBytes - 1, 1), (s_headBytes, 2));
        Assert.That(head.TryGetControl(SocketAbi.IPPROTO_IP, 1, out _), Is.False);
        Assert.That(head.TryGetControl(SocketAbi.IPPROTO_IP, 2, out _), Is.False);
        head = With(bytes: s_headBytes, (s_headBytes + 1, 1));
        Assert.That(head.TryGetControl(SocketAbi.IPPROTO_IP, 1, out _), Is.False);
    }

    private static DatagramHead With(int bytes, params (int Length, int Type)[] pieces)
    {
        DatagramHead head = default;
        head.Out.controllen = (uint)bytes;
        Span<byte> control = MemoryMarshal.AsBytes(
            new Span<DatagramHead>(ref head))[(DatagramHead.Bytes - DatagramHead.ControlBytes)..];
        for (int i = 0; i < pieces.Length; i++)
        {
            cmsghdr piece = default;
            piece.cmsg_len = (nuint)pieces[i].Length;
            piece.cmsg_level = SocketAbi.IPPROTO_IP;
            piece.cmsg_type = pieces[i].Type;
            MemoryMarshal.Write(control[(i * s_headBytes)..], in piece);
        }

        return head;
    }
}
