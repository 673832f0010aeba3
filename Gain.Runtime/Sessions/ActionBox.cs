namespace Gain.Sessions;

/// <summary>
/// An <c>async</c> method with another builder, such as one that returns a <c>Task</c>, that awaits something
/// of a session. It is an object for each wait.
/// </summary>
internal sealed class ActionBox : SessionBox
{
    private readonly Action _continuation;

    public ActionBox(SessionHost host, Action continuation)
        : base(host, SessionHost.NoKind)
    {
        _continuation = continuation;
        HoldPlace = -1;
    }

    public override void MoveNext() => _continuation();

    public override void Clear()
    {
    }
}
