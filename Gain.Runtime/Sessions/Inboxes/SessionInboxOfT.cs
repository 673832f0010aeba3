using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Gain.Sessions;

/// <summary>Messages of one type, the oldest first: a ring that grows, and that its pool keeps as it
/// is.</summary>
/// <typeparam name="TMessage">The type.</typeparam>
internal sealed class SessionInbox<TMessage>() : SessionInbox(s_kind)
{
    private const int FirstLength = 4;

    private static readonly int s_kind = AddKind();

    // Its length is a power of two, or 0.
    private TMessage[] _messages = [];
    private int _first;

    /// <summary>The kind of all of them.</summary>
    public static int KindOfAll => s_kind;

    public override Type MessageType => typeof(TMessage);

    /// <summary>Adds one. Who calls has looked at the limit.</summary>
    public void Add(in TMessage message)
    {
        if (Count == _messages.Length)
        {
            Grow();
        }

        _messages[(_first + Count) & (_messages.Length - 1)] = message;
        Count++;
    }

    /// <summary>Takes the oldest. There is one.</summary>
    public TMessage Take()
    {
        Debug.Assert(Count > 0, "An inbox was taken from, and it is empty.");
        TMessage message = _messages[_first];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<TMessage>())
        {
            _messages[_first] = default!;
        }

        _first = (_first + 1) & (_messages.Length - 1);
        Count--;
        return message;
    }

    public override void Clear()
    {
        if (Count > 0 && RuntimeHelpers.IsReferenceOrContainsReferences<TMessage>())
        {
            Array.Clear(_messages);
        }

        _first = 0;
        Count = 0;
    }

    [AllowAllocation("Up to the most that have waited at the same time; the pool keeps it.")]
    private void Grow()
    {
        var grown = new TMessage[Math.Max(FirstLength, 2 * _messages.Length)];
        for (int i = 0; i < Count; i++)
        {
            grown[i] = _messages[(_first + i) & (_messages.Length - 1)];
        }

        _messages = grown;
        _first = 0;
    }
}
