using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace SiteDesk.Platform.Live;

/// <summary>
/// A small message to open streams. It carries what changed, not the content: who reads fetches it with their own rights.
/// A topic that belongs to one reader alone (a visitor's conversation) may carry content.
/// </summary>
/// <param name="Topic">Who listens: <c>desk</c>, <c>conversation:42</c>, <c>staff:7</c>.</param>
/// <param name="Name">The event's name for the browser.</param>
/// <param name="Data">JSON on one line.</param>
/// <param name="Id">Resume position for Last-Event-ID; null for what need not be repeated (typing).</param>
/// <param name="SiteId">For filtering by what a listener may see; null when everybody of the topic may.</param>
/// <param name="TeamId">The same for teams.</param>
/// <param name="AssigneeId">Who sees it in any case: it is theirs.</param>
public sealed record LiveSignal(
    string Topic, string Name, string Data, string? Id = null, long? SiteId = null, long? TeamId = null, long? AssigneeId = null)
{
    internal static readonly LiveSignal Ping = new("", "", "");
}

/// <summary>Hands signals to the streams open on this node.</summary>
public sealed class LiveHub : IDisposable
{
    private const int PingRounds = 20;

    private readonly ConcurrentDictionary<string, Listeners> _topics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TopicClock> _clocks = new(StringComparer.Ordinal);

    /// <summary>All listeners, dealt out evenly: every round has its share, so that ten thousand streams do not all write at the same moment.</summary>
    private readonly Listeners[] _rounds = [.. Enumerable.Range(0, PingRounds).Select(_ => new Listeners())];
    private readonly Timer _ping;
    private uint _dealt;
    private uint _round;

    public LiveHub() => _ping = new Timer(_ => PingNext(), null, PingInterval / PingRounds, PingInterval / PingRounds);

    /// <summary>How often an idle stream carries a comment, so that proxies and clients know it lives.</summary>
    public static TimeSpan PingInterval { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Streams open on this node.</summary>
    public int Open => _rounds.Sum(round => round.Count);

    /// <summary>Starts listening; dispose to stop.</summary>
    /// <param name="topics">One or more topics.</param>
    /// <param name="accepts">What this listener may see; null means everything of its topics.</param>
    public Subscription Subscribe(IReadOnlyList<string> topics, Func<LiveSignal, bool>? accepts = null)
    {
        var subscription = new Subscription(this, topics, accepts, _rounds[Interlocked.Increment(ref _dealt) % PingRounds]);
        subscription.Round.Add(subscription);
        foreach (var topic in topics)
        {
            // Those who left last took the topic with them: it is made anew.
            while (!_topics.GetOrAdd(topic, static _ => new Listeners()).Add(subscription))
                continue;
        }

        return subscription;
    }

    /// <summary>
    /// Listens to a topic as long as the program runs. A listener that falls behind is cut off and goes on from now: this is for what
    /// is said again by itself, or found again by other means.
    /// </summary>
    /// <returns>The topic's signals, and in between the pings of an idle stream, which have another topic.</returns>
    public async IAsyncEnumerable<LiveSignal> FollowAsync(string topic, [EnumeratorCancellation] CancellationToken stopping)
    {
        while (true)
        {
            using var subscription = Subscribe([topic]);
            await foreach (var signal in subscription.Signals.ReadAllAsync(stopping))
                yield return signal;
        }
    }

    /// <summary>Ticks with every signal to a topic on this node, whether or not anybody listens.</summary>
    public TopicClock ClockOf(string topic) => _clocks.GetOrAdd(topic, static _ => new TopicClock());

    public void Publish(LiveSignal signal)
    {
        if (_clocks.TryGetValue(signal.Topic, out var clock))
            clock.Tick();
        if (_topics.TryGetValue(signal.Topic, out var listeners))
            listeners.Offer(signal);
    }

    /// <summary>Whether anybody on this node listens to the topic.</summary>
    public bool HasListeners(string topic) => _topics.ContainsKey(topic);

    public void Dispose() => _ping.Dispose();

    private void PingNext() => _rounds[Interlocked.Increment(ref _round) % PingRounds].Offer(LiveSignal.Ping);

    private void Remove(Subscription subscription)
    {
        subscription.Round.Remove(subscription);
        foreach (var topic in subscription.Topics)
        {
            if (_topics.TryGetValue(topic, out var listeners) && listeners.RemoveAndClose(subscription))
                _topics.TryRemove(new KeyValuePair<string, Listeners>(topic, listeners));
        }
    }

    /// <summary>Who hears the same. Most topics have one listener; what concerns everybody on a site may have ten thousand, who come one by one.</summary>
    internal sealed class Listeners
    {
        private readonly List<Subscription> _all = new(1);
        private bool _isClosed;

        public int Count
        {
            get
            {
                lock (_all)
                    return _all.Count;
            }
        }

        /// <returns>Whether these listeners are still asked; not when the last of them has left.</returns>
        public bool Add(Subscription subscription)
        {
            lock (_all)
            {
                if (!_isClosed)
                    _all.Add(subscription);
                return !_isClosed;
            }
        }

        public void Remove(Subscription subscription)
        {
            lock (_all)
                _all.Remove(subscription);
        }

        /// <returns>Whether nobody is left, and nobody may join any more.</returns>
        public bool RemoveAndClose(Subscription subscription)
        {
            lock (_all)
            {
                _all.Remove(subscription);
                return _isClosed |= _all.Count == 0;
            }
        }

        /// <summary>Puts the signal into every queue; no queue waits for its reader.</summary>
        public void Offer(LiveSignal signal)
        {
            lock (_all)
            {
                foreach (var subscription in _all)
                    subscription.Offer(signal);
            }
        }
    }

    /// <summary>
    /// Says whether something moved since a moment: what was read at the same time still holds. Signals follow the commit and
    /// come before the answer to whoever caused them, so nobody is shown less than they did themselves.
    /// </summary>
    public sealed class TopicClock
    {
        private long _ticks;

        public long Now => Interlocked.Read(ref _ticks);

        internal void Tick() => Interlocked.Increment(ref _ticks);
    }

    /// <summary>
    /// One open stream. Its queue is short: a listener that cannot keep up is cut off and resumes from rows, so that a slow
    /// client never holds memory.
    /// </summary>
    public sealed class Subscription : IDisposable
    {
        private const int QueueLength = 64;
        private readonly LiveHub _hub;
        private readonly Func<LiveSignal, bool>? _accepts;
        private readonly Channel<LiveSignal> _queue = Channel.CreateBounded<LiveSignal>(
            new BoundedChannelOptions(QueueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

        internal Subscription(LiveHub hub, IReadOnlyList<string> topics, Func<LiveSignal, bool>? accepts, Listeners round)
        {
            _hub = hub;
            Topics = topics;
            _accepts = accepts;
            Round = round;
        }

        internal Listeners Round { get; }

        public IReadOnlyList<string> Topics { get; }

        /// <summary>Completes when the listener fell behind and has to resume.</summary>
        public ChannelReader<LiveSignal> Signals => _queue.Reader;

        /// <summary>Ends the stream after what is queued: its reader comes again, with the rights they have then.</summary>
        public void End() => _queue.Writer.TryComplete();

        public void Dispose() => _hub.Remove(this);

        internal void Offer(LiveSignal signal)
        {
            if (signal.Topic.Length > 0 && _accepts?.Invoke(signal) == false)
                return;
            if (!_queue.Writer.TryWrite(signal))
                _queue.Writer.TryComplete();
        }
    }
}
