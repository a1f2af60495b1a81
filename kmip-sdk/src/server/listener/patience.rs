//! How long a connection waits for its peer.

use std::io::ErrorKind;
use std::pin::Pin;
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{Sleep, sleep};

use super::Phase;

/// What ends the waiting: a point in time, and how far the server is.
///
/// Both are kept for as long as the connection is there. To set a timer, and to ask to be told of the phase, is to take turns
/// with all other connections; with each request, that would cost more than to read it.
pub(super) struct Patience {
    timer: Pin<Box<Sleep>>,
    /// How far the server is, as far as is known.
    phase: Phase,
    /// Says when the server is further than that.
    change: Pin<Box<Change>>,
}

/// Tells of a phase, and goes on being told by the same.
type Change = dyn Future<Output = (Phase, watch::Receiver<Phase>)> + Send + Sync;

impl Patience {
    /// For a connection, which is told of the phase by this.
    pub(super) fn new(mut phase: watch::Receiver<Phase>) -> Self {
        let now = *phase.borrow_and_update();
        Self { timer: Box::pin(sleep(Duration::ZERO)), phase: now, change: Box::pin(change(phase)) }
    }

    /// Ends at a point in time, or when the server is so far, and says what it was: [`ErrorKind::TimedOut`] or
    /// [`ErrorKind::ConnectionAborted`].
    pub(super) async fn ends(&mut self, deadline: Instant, least: Phase) -> ErrorKind {
        let Self { timer, phase, change } = self;
        tokio::select! {
            biased;
            () = passed(timer, deadline) => ErrorKind::TimedOut,
            () = reached(phase, change, least) => ErrorKind::ConnectionAborted,
        }
    }
}

/// Ends at a point in time. The timer may be set for an earlier one, of something that was over before; it is set anew when it
/// goes off.
async fn passed(timer: &mut Pin<Box<Sleep>>, deadline: Instant) {
    let deadline = deadline.into();
    if timer.deadline() > deadline {
        timer.as_mut().reset(deadline);
    }
    loop {
        timer.as_mut().await;
        if timer.deadline() >= deadline {
            return;
        }
        timer.as_mut().reset(deadline);
    }
}

/// Ends when the server is so far, which is told from how far it was.
async fn reached(phase: &mut Phase, change: &mut Pin<Box<Change>>, least: Phase) {
    while *phase < least {
        let (now, told) = change.as_mut().await;
        *phase = now;
        *change = Box::pin(self::change(told));
    }
}

/// The phase of the server when it is another one.
async fn change(mut phase: watch::Receiver<Phase>) -> (Phase, watch::Receiver<Phase>) {
    // The other end is there as long as the connection.
    let now = match phase.changed().await {
        Ok(()) => *phase.borrow_and_update(),
        Err(_) => Phase::Ending,
    };
    (now, phase)
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant as Moment, timeout};

    use super::*;

    const SHORT: Duration = Duration::from_secs(30);
    const LONG: Duration = Duration::from_secs(300);

    fn within(time: Duration) -> Instant {
        (Moment::now() + time).into_std()
    }

    #[tokio::test(start_paused = true)]
    async fn a_timer_that_is_set_already_goes_off_at_each_deadline() {
        let (_server, phase) = watch::channel(Phase::Serving);
        let mut patience = Patience::new(phase);
        for [left, time] in [[LONG, SHORT], [SHORT, LONG], [LONG, SHORT], [SHORT, SHORT]] {
            // What is over before its deadline leaves the timer set.
            let over = timeout(Duration::from_secs(1), patience.ends(within(left), Phase::Finishing));
            assert!(over.await.is_err());
            let start = Moment::now();
            assert_eq!(patience.ends(within(time), Phase::Finishing).await, ErrorKind::TimedOut);
            assert!(
                (time..time + Duration::from_secs(1)).contains(&start.elapsed()),
                "{:?}",
                start.elapsed()
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_phase_is_told_of_once_it_is_reached() {
        let (server, phase) = watch::channel(Phase::Serving);
        let mut patience = Patience::new(phase);
        assert_eq!(patience.ends(within(SHORT), Phase::Finishing).await, ErrorKind::TimedOut);
        // Also where nobody waits for it at that moment.
        server.send_replace(Phase::Finishing);
        assert_eq!(patience.ends(within(SHORT), Phase::Ending).await, ErrorKind::TimedOut);
        for _ in 0..2 {
            assert_eq!(patience.ends(within(SHORT), Phase::Finishing).await, ErrorKind::ConnectionAborted);
        }
        let start = Moment::now();
        let (ended, ()) = tokio::join!(patience.ends(within(LONG), Phase::Ending), async {
            tokio::time::sleep(SHORT).await;
            server.send_replace(Phase::Ending);
        });
        assert_eq!(ended, ErrorKind::ConnectionAborted);
        assert!(start.elapsed() < LONG);
    }
}
