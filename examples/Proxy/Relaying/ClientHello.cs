using System.Buffers.Binary;

namespace Gain.Proxy.Relaying;

/// <summary>
/// Reads the name that a TLS client asks for out of its first message (RFC 8446, 4.1.2; RFC 6066, 3), without
/// consuming or answering it.
/// </summary>
internal static class ClientHello
{
    /// <summary>The longest message that is looked at; browsers send some 2 KB.</summary>
    public const int MaxBytes = 16_384;

    /// <summary>The longest name that is handed out.</summary>
    public const int MaxNameBytes = 255;

    private const int RecordHeaderBytes = 5;
    private const int MaxRecordBytes = 16_384;
    private const int HandshakeRecord = 22;
    private const int MajorVersion = 3;
    private const int HelloMessage = 1;
    private const int MessageHeaderBytes = 4;
    private const int RandomBytes = 32;
    private const int ServerNameExtension = 0;
    private const int HostName = 0;

    /// <summary>Looks for the name.</summary>
    /// <param name="data">All that the client has sent.</param>
    /// <param name="name">Room for <see cref="MaxNameBytes"/>, which the name is copied to.</param>
    /// <param name="length">Its length; 0 where none was found.</param>
    [AllocationFree]
    public static HelloStatus TryFindName(ReadOnlySpan<byte> data, Span<byte> name, out int length)
    {
        length = 0;

        // Records may cut the message into pieces, even within the name.
        Span<byte> message = stackalloc byte[MaxBytes];
        int joined = 0;
        while (data.Length >= RecordHeaderBytes)
        {
            int recordBytes = BinaryPrimitives.ReadUInt16BigEndian(data[3..]);
            if (data[0] != HandshakeRecord || data[1] != MajorVersion || recordBytes is 0 or > MaxRecordBytes)
            {
                return HelloStatus.NotTls;
            }

            ReadOnlySpan<byte> piece = data[RecordHeaderBytes..];
            piece = piece[..Math.Min(recordBytes, piece.Length)];
            data = data[(RecordHeaderBytes + piece.Length)..];
            piece = piece[..Math.Min(piece.Length, MaxBytes - joined)];
            piece.CopyTo(message[joined..]);
            joined += piece.Length;
            HelloStatus status = TryMeasure(message[..joined], out int messageBytes);
            if (status != HelloStatus.Found)
            {
                return status;
            }

            if (joined >= messageBytes)
            {
                return FindIn(message[MessageHeaderBytes..messageBytes], name, out length);
            }

            if (piece.Length < recordBytes)
            {
                return HelloStatus.NeedsMore;
            }
        }

        return data.IsEmpty || data[0] == HandshakeRecord ? HelloStatus.NeedsMore : HelloStatus.NotTls;
    }

    // Found when its length is known, or cannot be yet.
    private static HelloStatus TryMeasure(ReadOnlySpan<byte> message, out int bytes)
    {
        bytes = int.MaxValue;
        if (message.Length < MessageHeaderBytes)
        {
            return message.IsEmpty || message[0] == HelloMessage ? HelloStatus.Found : HelloStatus.NotTls;
        }

        bytes = MessageHeaderBytes + (int)(BinaryPrimitives.ReadUInt32BigEndian(message) & 0xFF_FFFF);
        return message[0] == HelloMessage && bytes <= MaxBytes ? HelloStatus.Found : HelloStatus.NotTls;
    }

    private static HelloStatus FindIn(ReadOnlySpan<byte> hello, Span<byte> name, out int length)
    {
        length = 0;
        var reader = new ByteReader(hello);
        reader.Skip(sizeof(ushort) + RandomBytes);
        reader.Skip(reader.ReadByte());
        reader.Skip(reader.ReadUInt16());
        reader.Skip(reader.ReadByte());
        if (reader.IsAtEnd)
        {
            // A client of old, without extensions.
            return reader.IsBroken ? HelloStatus.NotTls : HelloStatus.Nameless;
        }

        var extensions = new ByteReader(reader.Read(reader.ReadUInt16()));
        while (!extensions.IsAtEnd)
        {
            int type = extensions.ReadUInt16();
            ReadOnlySpan<byte> extension = extensions.Read(extensions.ReadUInt16());
            if (type == ServerNameExtension && !extensions.IsBroken)
            {
                return ReadName(extension, name, out length);
            }
        }

        return reader.IsBroken || extensions.IsBroken ? HelloStatus.NotTls : HelloStatus.Nameless;
    }

    private static HelloStatus ReadName(ReadOnlySpan<byte> extension, Span<byte> name, out int length)
    {
        length = 0;
        var reader = new ByteReader(extension);
        var list = new ByteReader(reader.Read(reader.ReadUInt16()));
        int type = list.ReadByte();
        ReadOnlySpan<byte> host = list.Read(list.ReadUInt16());
        bool isBroken = reader.IsBroken || list.IsBroken;
        if (isBroken || type != HostName || host.IsEmpty || host.Length > MaxNameBytes)
        {
            return HelloStatus.NotTls;
        }

        host.CopyTo(name);
        length = host.Length;
        return HelloStatus.Found;
    }
}
