namespace Gain.Tls.Tests.Server;

/// <summary>
/// Sends as many bytes as the first four that come say, as fast as the client takes them: the numbers of the
/// bytes, so that none can be missing.
/// </summary>
[GainProtocol]
internal partial struct Flood
{
    private int _sent;
    private int _total;

    private int OnRead(Connection connection, ReadOnlySpan<byte> data)
    {
        if (data.Length < sizeof(int))
        {
            return 0;
        }

        _total = BitConverter.ToInt32(data);
        Send(connection);
        return data.Length;
    }

    private void OnDrained(Connection connection) => Send(connection);

    private void Send(Connection connection)
    {
        while (_sent < _total && !connection.IsCongested)
        {
            int count = Math.Min(_total - _sent, 5_000);
            Span<byte> room = connection.GetSpan(count);
            for (int i = 0; i < count; i++)
            {
                room[i] = (byte)((_sent + i) * 7);
            }

            connection.Advance(count);
            _sent += count;
        }

        if (_sent == _total)
        {
            connection.Close();
        }
    }
}
