namespace Gain.Tests.Parity;

/// <summary>What other threads ask of connections, which the mailbox has room for in these tests.</summary>
internal static class Posted
{
    public static void Send(ConnectionHandle handle, byte[] data)
    {
        bool isPosted = handle.TrySend(data, out PostFailure failure);
        Assert.That(isPosted, $"{failure}");
    }

    public static void SendTo(DatagramHandle handle, GainAddress address, byte[] data)
    {
        bool isPosted = handle.TrySendTo(address, data, out DatagramFailure failure);
        Assert.That(isPosted, $"{failure}");
    }

    public static void Close(ConnectionHandle handle) => Assert.That(handle.TryClose());
}
