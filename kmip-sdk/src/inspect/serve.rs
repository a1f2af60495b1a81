//! The page's port: HTTP without TLS, on a thread of its own.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, oneshot};
use tokio::time::{sleep, timeout, timeout_at};

use super::page::{Answer, Page, Stream};
use crate::server::Phase;
use crate::server::http::{Fault, Input, Response, Times, Wire, is_kept_alive, read_head, receive_body};

/// How many connections there may be at a time; others wait.
const CONNECTIONS: usize = 64;

/// How long a connection may be without a request.
const IDLE: Duration = Duration::from_secs(60);

/// How long a request, and a response, may each take.
const MESSAGE: Duration = Duration::from_secs(10);

/// After what time without exchanges something is said that means nothing, so that nobody on the way takes the connection for
/// dead.
const STILL_HERE: Duration = Duration::from_secs(15);

/// Serves the page until the end is said.
pub(super) fn start(
    listener: TcpListener,
    page: Page,
    ended: oneshot::Receiver<()>,
) -> io::Result<JoinHandle<()>> {
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let listener = {
        let _entered = runtime.enter();
        tokio::net::TcpListener::from_std(listener)?
    };
    thread::Builder::new().name("kmip-inspector".to_owned()).spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                () = accept(listener, Arc::new(page)) => {}
                // Dropping the other end says so.
                _ = ended => {}
            }
        });
    })
}

async fn accept(listener: tokio::net::TcpListener, page: Arc<Page>) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // It is never closed.
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let page = Arc::clone(&page);
                tokio::spawn(async move {
                    talk(Plain(stream), &page).await;
                    drop(place);
                });
            }
            // Most likely there are too many open files, which takes a while to change.
            Err(_) => sleep(Duration::from_millis(10)).await,
        }
    }
}

/// A connection without TLS.
struct Plain(TcpStream);

impl Wire for Plain {
    async fn read(&mut self, buffer: &mut [u8], times: Times) -> io::Result<usize> {
        timeout_at(times.deadline.into(), self.0.read(buffer)).await.map_err(|_| io::ErrorKind::TimedOut)?
    }

    async fn send(&mut self, parts: &[&[u8]]) -> bool {
        let written = async {
            for part in parts {
                self.0.write_all(part).await?;
            }
            self.0.flush().await
        };
        matches!(timeout(MESSAGE, written).await, Ok(Ok(())))
    }
}

/// Answers requests until the connection ends.
async fn talk(mut wire: Plain, page: &Page) {
    let mut input = Input::new();
    loop {
        let response = match exchange(&mut wire, &mut input, page).await {
            Ok(Answer::Response(response)) => response,
            Ok(Answer::Stream(stream)) => return events(wire, page, stream).await,
            Err(Fault::Refused(response)) => response,
            Err(Fault::Gone) => return,
        };
        if !response.send(&mut wire).await || response.is_last {
            let _ = wire.0.shutdown().await;
            return;
        }
    }
}

async fn exchange(wire: &mut Plain, input: &mut Input, page: &Page) -> Result<Answer, Fault> {
    let until = |time| Times { deadline: Instant::now() + time, least: Phase::Ending };
    if input.unread().is_empty() {
        input.fill(wire, until(IDLE)).await.map_err(|_| Fault::Gone)?;
    }
    let times = until(MESSAGE);
    let (reply, request) = read_head(wire, input, times).await?;
    let limit = page.body_limit(&request)?;
    let body = receive_body(wire, input, (reply, &request), limit, times).await?;
    let is_last = !is_kept_alive(&request);
    match page.answer(&request, &body) {
        Ok(Answer::Response(response)) | Err(Fault::Refused(response)) => {
            Ok(Answer::Response(Response { is_last: response.is_last || is_last, ..response }))
        }
        other => other,
    }
}

/// Says what comes in, as server-sent events, until the client is gone.
async fn events(mut wire: Plain, page: &Page, mut stream: Stream) {
    if !wire.send(&[stream.head.as_bytes()]).await {
        return;
    }
    let mut newer = page.subscribe();
    loop {
        newer.mark_unchanged();
        let events = page.events(&mut stream);
        if !events.is_empty() && !wire.send(&[events.as_bytes()]).await {
            return;
        }
        let mut nothing = [0; 64];
        let is_there = tokio::select! {
            changed = newer.changed() => changed.is_ok(),
            // What the client says now is not listened to, but that it goes is.
            read = wire.0.read(&mut nothing) => matches!(read, Ok(read) if read > 0),
            () = sleep(STILL_HERE) => wire.send(&[b":\n\n"]).await,
        };
        if !is_there {
            return;
        }
    }
}
